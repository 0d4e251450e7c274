"""Completeness of all schools, of one school, and one of its ledgers with automatic and manual rows (S06.2, S06.4)."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anlan.domains.accounts.closings import shut
from anlan.domains.accounts.completeness import Degree, Year, by_section, schools_below
from anlan.domains.accounts.items import Item
from anlan.domains.accounts.sections import KINDS, Section, of_unit
from anlan.domains.accounts.years import check_year, shifted, this_year
from anlan.engines.analytics.api import Answer, Cell, Line, show
from anlan.engines.audit.api import Actor, log
from anlan.engines.org.api import Kind, OrgUnit, may, require
from anlan.engines.registry.api import MASKED
from anlan.kernel import clock
from anlan.kernel.errors import Missing, Rejected
from anlan.shell.parts import Action, Crumb, Stat, View

URL, VIEW, FILL, ASK, CLOSE = (
    "/accounts/completeness/",
    "accounts.items.view",
    "accounts.items.add",
    "accounts.exemptions.add",
    "accounts.closings.add",
)
HEAD = ("学校", "完整度", "应有", "已有", "缺少", "其中已到期", "不适用")
SHOWN = 100
YEARS = 4


class Question(forms.Form):
    """Which school year."""

    year = forms.ChoiceField(label="学年", required=False)

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        years = [shifted(this_year(), -back) for back in range(YEARS)]
        self.fields["year"].choices = [("", "本学年"), *((one, one) for one in years)]  # type: ignore[attr-defined]


def _year(request: HttpRequest) -> str:
    said = request.GET.get("year", "")
    try:
        check_year(said or this_year())
    except ValidationError:
        raise Rejected({"year": "学年要写成 2026-2027 这样"}) from None
    return said or this_year()


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """All schools of the person's area with their degree; somebody of one school is shown that school."""
    found = require(request.user, VIEW)
    if not found.paths:
        raise Missing
    area = OrgUnit.objects.get(path=min(found.paths, key=len))
    if area.kind == Kind.SCHOOL:
        return _school_page(request, area)
    form = Question(request.GET)
    return show(request, "台账完整度", form, _all_schools(area, form) if form.is_valid() else None)


def _all_schools(area: OrgUnit, form: Question) -> Answer:
    year = form.cleaned_data["year"] or this_year()
    standing = Year(area, year)
    pairs = [(unit, standing.degree(unit)) for unit in schools_below(area)]
    pairs.sort(key=lambda pair: 101 if pair[1].percent is None else pair[1].percent)
    lines = [_line(unit.name, degree, f"/accounts/schools/{unit.pk}/?year={year}") for unit, degree in pairs]
    whole = Degree([slot for _, degree in pairs for slot in degree.slots])
    return Answer(
        HEAD,
        lines,
        total=_line(str(area), whole, ""),
        lede=f"{area}，{year} 学年，{len(pairs)} 所学校。完整度低的在前；经同意不适用的不计入。",
        stats=[
            Stat("总完整度", whole.shown),
            Stat("已齐全的学校", f"{sum(not degree.missing for _, degree in pairs):,}", "", "所"),
            Stat("已到期仍缺", f"{whole.late:,}", "", "项"),
        ],
    )


def _line(title: str, degree: Degree, url: str) -> Line:
    missing = degree.needed - degree.there
    cells = [
        Cell(degree.shown, url),
        Cell(f"{degree.needed:,}", url),
        Cell(f"{degree.there:,}", url),
        Cell(f"{missing:,}", f"{url}#missing" if url else ""),
        Cell(f"{degree.late:,}", f"{url}#missing" if url else "", "late" if degree.late else ""),
        Cell(f"{degree.exempt:,}", url),
    ]
    return Line(title, cells, url)


def _unit(request: HttpRequest, pk: int) -> OrgUnit:
    found = require(request.user, VIEW)
    unit = OrgUnit.objects.filter(pk=pk, kind=Kind.SCHOOL).first()
    if unit is None or not found.covers(unit.path):
        raise Missing
    return unit


@require_safe
def school(request: HttpRequest, pk: int) -> HttpResponse:
    """The ledgers of a school in a school year."""
    return _school_page(request, _unit(request, pk))


def _school_page(request: HttpRequest, unit: OrgUnit) -> HttpResponse:
    year = _year(request)
    standing = Year(unit, year)
    degree = standing.degree(unit)
    automatic, manual = standing.material(unit)
    url = f"/accounts/schools/{unit.pk}/"
    shown = by_section(degree.slots)
    kinds = dict(KINDS)
    groups: dict[str, list[dict[str, Any]]] = {}
    for section, part in shown:
        row = {"section": section, "degree": part, "url": f"{url}sections/{section.pk}/?year={year}"}
        groups.setdefault(kinds[section.kind], []).append(row)
    parts = [
        (title, Degree([slot for row in rows for slot in row["degree"].slots]), rows)
        for title, rows in groups.items()
    ]
    context = {
        "title": "安全台账",
        "unit": unit,
        "lede": f"{unit}，{year} 学年：完整度 {degree.shown}，应有 {degree.needed} 项，已有 {degree.there} 项；"
        f"自动归集 {automatic:,} 条，填报上传 {manual:,} 件。",
        "degree": degree,
        "groups": parts,
        "url": url,
        "year": year,
        "views": [
            View(f"{one} 学年", f"{url}?year={one}", current=one == year)
            for one in (shifted(this_year(), -back) for back in range(YEARS))
        ],
        "actions": _actions(request, unit, year),
        "crumbs": [Crumb("台账完整度", URL), Crumb(unit.name)],
    }
    _note_view(request, unit, year)
    return render(request, "accounts/school.html", context)


def _actions(request: HttpRequest, unit: OrgUnit, year: str) -> list[Action]:
    closed = shut(unit.pk, year).first()
    if closed is not None:
        return [Action("查看学年归档", closed.get_absolute_url(), "primary", "archive")]
    over = year < this_year() and may(request.user, CLOSE) and require(request.user, CLOSE).at(unit.path)
    found = (
        [Action("归档本学年", f"/accounts/closings/new?year={year}", "default", "archive")] if over else []
    )
    return [*_filling(request, unit), *found]


def _filling(request: HttpRequest, unit: OrgUnit) -> list[Action]:
    if not may(request.user, FILL) or not require(request.user, FILL).covers(unit.path):
        return []
    found = [Action("填报材料", "/accounts/items/new", "primary", "plus")]
    if may(request.user, ASK):
        found.append(Action("申请不适用", "/accounts/exemptions/new"))
    return found


def _note_view(request: HttpRequest, unit: OrgUnit, year: str) -> None:
    """Who looks at another unit's ledgers is written down."""
    if getattr(request.user, "unit_id", None) != unit.pk:
        title = f"{unit.name}安全台账（{year} 学年）"
        log(Actor.of(request), "view", title=title, path=unit.path, after={"unit": unit.pk, "year": year})


@require_safe
def section_page(request: HttpRequest, pk: int, section: int) -> HttpResponse:
    """One ledger of a school: each period, rows that arrived by themselves, and those entered by hand."""
    unit, year = _unit(request, pk), _year(request)
    standing = Year(unit, year)
    entry = next((one for one in of_unit(standing.sections, unit) if one.pk == section), None)
    if entry is None:
        raise Missing
    degree = Degree(standing.slots_of(unit, entry))
    first, last = standing.span
    source = entry.rows_source
    back = f"/accounts/schools/{unit.pk}/?year={year}"
    said = {"org": unit.pk, "section": entry.pk, "day_from": first, "day_to": last}
    context = {
        "title": entry.title,
        "lede": f"{unit}，{year} 学年，{entry.get_period_display()}：完整度 {degree.shown}",
        "entry": entry,
        "degree": degree,
        "slots": [
            (slot, source.address(unit, slot.period.first, slot.period.last) if source else "")
            for slot in degree.slots
        ],
        "automatic": _automatic(request.user, entry, unit, standing),
        "source": source,
        "source_url": source.address(unit, first, last) if source else "",
        "items": _items(request.user, unit, entry, standing),
        "items_url": f"/accounts/items/?{urlencode(said)}",
        "actions": [*_actions(request, unit, year), Action("台账要求", entry.get_absolute_url())],
        "crumbs": [Crumb("台账完整度", URL), Crumb(unit.name, back), Crumb(entry.title)],
    }
    _note_view(request, unit, year)
    return render(request, "accounts/section.html", context)


def _items(user: Any, unit: OrgUnit, entry: Section, standing: Year) -> list[Item]:
    rows = Item.objects.visible(user, VIEW).filter(org=unit, section=entry, archived_at=None)
    return list(rows.filter(day__range=standing.span).order_by("-day", "-pk")[:SHOWN])


def _automatic(user: Any, entry: Section, unit: OrgUnit, standing: Year) -> list[dict[str, Any]] | None:
    """Words, day and address of each row; None for who may not see the ledger that owns them."""
    source = entry.rows_source
    rows = source.seen(user, unit, *standing.span) if source else []
    if source is None or rows is None:
        return None
    head, day = source.ledger.column_data[0], source.field
    return [
        {
            "title": MASKED.plain(head, row),
            "day": _day(getattr(row, day)),
            "url": source.ledger.url_of(row),
        }
        for row in rows[:SHOWN]
    ]


def _day(value: Any) -> Any:
    return value.astimezone(clock.zone()).date() if hasattr(value, "hour") else value
