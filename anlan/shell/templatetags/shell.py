"""Template tags built in to every template: marks, deadlines, numbers, query strings, charts, fields."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.html import conditional_escape, json_script
from django.utils.safestring import SafeString

from anlan.kernel.numbers import money_text, percent_text
from anlan.shell import charts, deadlines, fields, marks, numbers, trends
from anlan.shell.html import written
from anlan.shell.parts import Crumb
from anlan.shell.picking import Picked, picked
from anlan.shell.signing import is_signed_by_hand

register = template.Library()


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """``{% icon "bell" "s" %}``: one icon of the sprite, hidden from screen readers."""
    return marks.icon(str(name), size)


@register.simple_tag
def chip(tone: str, word: str, bare: bool = False) -> SafeString:
    """``{% chip "review" "待复查" %}``: a status chip."""
    return marks.chip(str(tone), str(word), bool(bare))


@register.simple_tag
def risk(grade: int | str) -> SafeString:
    """``{% risk 2 %}``: the tag of a risk grade."""
    return marks.risk(grade if isinstance(grade, int) else str(grade))


@register.simple_tag
def due(deadline: datetime | date | None, now: datetime | None = None, closed: bool = False) -> SafeString:
    """``{% due record.deadline closed=record.closed %}``: a deadline, relative words first."""
    return marks.due_mark(deadline, now, bool(closed))


@register.simple_tag
def badge(value: int, meaning: str = "项待办", soft: bool = False) -> SafeString:
    """``{% badge 3 "项逾期" %}``: a count; nothing for 0."""
    return marks.badge(int(value or 0), str(meaning), bool(soft))


@register.filter
def money(amount: Decimal | float | None) -> str:
    """``{{ amount|money }}``: 2,860 元, 21.0 万元; 未填 for nothing."""
    return numbers.EMPTY if amount is None or amount == "" else money_text(Decimal(str(amount)))


@register.filter
def count(value: int | None) -> str:
    """``{{ n|count }}``: 98,420."""
    return numbers.count(value)


@register.filter
def percent(ratio: Decimal | float | None) -> str:
    """``{{ share|percent }}``: 0.946 as 94.6%."""
    return percent_text(None if ratio is None else Decimal(str(ratio)))


@register.filter
def file_size(octets: int) -> str:
    """``{{ file.size|file_size }}``: 412 KB."""
    return numbers.size(octets)


@register.filter
def moment(value: datetime | None) -> str:
    """``{{ at|moment }}``: 今天 17:00, 昨天 09:12, 10-18 17:00."""
    return deadlines.moment_words(value) if value else numbers.EMPTY


@register.filter
def filled(value: Any) -> Any:
    """``{{ value|filled }}``: the value, or 未填 instead of a blank."""
    return numbers.EMPTY if value is None or value == "" else value


@register.simple_tag(takes_context=True)
def querystring_with(context: template.Context, **changes: Any) -> str:
    """``{% querystring_with page=2 sort=None %}``: the present query with changes; None removes a key."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = value
    return f"?{query.urlencode()}"


@register.simple_tag
def html_attrs(values: dict[str, Any] | None) -> SafeString:
    """Attributes from a mapping: True prints the bare name, None and False print nothing."""
    shown = [
        (name, value) for name, value in (values or {}).items() if value is not None and value is not False
    ]
    text = "".join(
        f" {conditional_escape(name)}"
        if value is True
        else f' {conditional_escape(name)}="{conditional_escape(value)}"'
        for name, value in shown
    )
    return written(text)


@register.simple_tag
def spark(values: Sequence[float], label: str = "") -> SafeString:
    """``{% spark values %}``: a small trend line."""
    return charts.spark(values, label)


@register.simple_tag
def bar(value: float, whole: float = 100, label: str = "", tone: str = "") -> SafeString:
    """``{% bar 62 100 "已完成 62%" %}``: a horizontal bar."""
    return charts.bar(float(value), float(whole), label, tone)


@register.simple_tag
def ring(share: float, text: str, unit: str, label: str, tone: str = "") -> SafeString:
    """``{% ring 0.28 "6:40" "小时" "距期限 6 小时 40 分" "todo" %}``: a filled ring."""
    return charts.ring(float(share), text, unit, label, tone)


@register.simple_tag
def gauge(value: float, marks: Sequence[charts.Mark], label: str, tone: str = "late") -> SafeString:
    """``{% gauge value marks label %}``: a bar against standards."""
    return charts.gauge(value, marks or (), label, tone)


@register.simple_tag
def year_bars(
    values: Sequence[tuple[str, float]], label: str, standard: tuple[float, str] | None = None, tone: str = ""
) -> SafeString:
    """``{% year_bars values label standard tone %}``: years as columns."""
    return charts.year_bars(values or (), label, standard, tone)


@register.simple_tag
def trend(ticks: Sequence[str], series: Sequence[trends.Series], label: str) -> SafeString:
    """``{% trend ticks series label %}``: lines over time."""
    return trends.trend(ticks or (), series or (), label)


@register.simple_tag
def segments(total: int, passed: int, failed: int, skipped: int) -> SafeString:
    """``{% segments 32 11 2 1 %}``: progress of a check in three colours."""
    return charts.segments(int(total or 0), int(passed or 0), int(failed or 0), int(skipped or 0))


@register.simple_tag
def wall_bar(value: float, whole: float, css: str = "") -> SafeString:
    """``{% wall_bar 78 100 "l" %}``: a bar of the wall."""
    return charts.wall_bar(float(value or 0), float(whole or 0), css)


@register.simple_tag
def chart_data(option: dict[str, Any], chart: str) -> SafeString:
    """``{% chart_data option id %}``: the option of a chart as a data block beside it."""
    return json_script(option, f"{chart}-data")


@register.simple_tag
def map_points(points: Sequence[Sequence[Any]] | None, chart: str = "") -> SafeString:
    """``{% map_points points id %}``: the points of a map as a data block beside it."""
    return json_script(list(points or ()), f"{chart or 'map'}-points")


@register.filter
def field_shape(field: BoundField) -> str:
    """``{{ field|field_shape }}``: how the field is drawn."""
    return fields.shape(field)


@register.filter
def field_mark(field: BoundField) -> str:
    """``{{ field|field_mark }}``: 选填 for optional fields."""
    return fields.mark(field)


@register.filter
def field_wide(field: BoundField) -> bool:
    """``{{ field|field_wide }}``: whether the field takes both columns."""
    return fields.is_wide(field)


@register.filter
def signed_by_hand(form: forms.BaseForm) -> bool:
    """``{% if form|signed_by_hand %}``: whether the page needs the pad."""
    return is_signed_by_hand(form)


@register.filter
def field_picked(field: BoundField) -> Picked:
    """``{{ field|field_picked }}``: lookup and present choice of a picker."""
    return picked(field)


@register.filter
def folded(form: forms.BaseForm) -> fields.Folded:
    """``{{ form|folded }}``: what a short form asks first, and what it folds away."""
    return fields.folded(form)


@register.filter
def control(field: BoundField) -> SafeString:
    """``{{ field|control }}``: the input with class, keyboard and aria links."""
    return fields.control(field)


@register.filter
def error_lines(form: forms.BaseForm | None) -> list[fields.ErrorLine]:
    """``{{ form|error_lines }}``: lines of the error summary."""
    return fields.error_lines(form)


@register.filter
def sections(form: forms.BaseForm, wanted: list[dict[str, Any]] | None) -> list[fields.Section]:
    """``{{ form|sections:parts }}``: the parts of a form page."""
    return fields.sections(form, wanted or None)


@register.filter
def last_link(crumbs: Sequence[Crumb] | None) -> Crumb | None:
    """``{{ crumbs|last_link }}``: the nearest page above this one."""
    return next((crumb for crumb in reversed(crumbs or []) if crumb.url), None)
