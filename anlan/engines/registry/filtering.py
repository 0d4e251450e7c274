"""Filters of a list: what a query string means, and what the filter bar offers."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict
from django.utils.dateparse import parse_date

from anlan.engines.org.api import OrgUnit, scope
from anlan.engines.registry.access import options
from anlan.engines.registry.access import rows as visible_rows
from anlan.engines.registry.data import overdue_condition, path, title_of
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.known import ledger_of
from anlan.engines.registry.school_filters import about_schools, of_schools, school_pills
from anlan.engines.registry.standing import STANDINGS
from anlan.engines.registry.validity import PARAMETER, standing
from anlan.engines.workflow.api import flow_of
from anlan.kernel import clock
from anlan.kernel.errors import Rejected
from anlan.shell.parts import Choice, Filter
from anlan.shell.picking import narrowing_of

A_LIST, OPTIONS_CAP = 20, 300
WHOSE = "whose"
UNSET, EXACT = "unset", "exact"  # names of filters: those not filled in, and units without those below
BIGGEST = 2**63


def narrow(ledger: Ledger, rows: Any, query: QueryDict, user: Any) -> Any:
    """The rows a query string asks for; unknown values find nothing, a reversed period is refused."""
    for name in ledger.filter_names:
        rows = _by_field(ledger, rows, name, query)
    for name in listed_in(query, UNSET):
        rows = rows.filter(_empty(ledger, name)) if name in ledger.filter_names else rows
    rows = of_schools(_of_somebody(ledger, rows, query), query)
    if text := query.get("q", "").strip():
        rows = search(ledger, rows, text)
    return _by_time(ledger, rows, query, user)


def _of_somebody(ledger: Ledger, rows: Any, query: QueryDict) -> Any:
    """The rows about the people named; a value that is no key finds nothing."""
    said = [value for value in query.getlist(WHOSE) if value]
    if not (said and ledger.whose):
        return rows
    keys = [int(value) for value in said if value.isdecimal() and len(value) < 19]
    named = models.Q(pk__in=[])
    for way in ledger.whose.split():
        named |= _once(ledger, way, models.Q(**{f"{way}__in": keys}))
    return rows.filter(named)


def _by_field(ledger: Ledger, rows: Any, name: str, query: QueryDict) -> Any:
    field = path(ledger.model, name)[-1]
    if isinstance(field, models.DateField):
        return _by_period(rows, name, field, query)
    said = [value for value in query.getlist(name) if value]
    if not said:
        return rows
    if field.is_relation and issubclass(field.related_model, OrgUnit):
        return rows.filter(_units(name, said, name in listed_in(query, EXACT)))
    if isinstance(field, models.BooleanField):
        return rows.filter(**{f"{name}__in": [value in ("1", "true", "True") for value in said]})
    return rows.filter(
        _once(ledger, name, models.Q(**{f"{name}__in": [value for value in said if _fits(field, value)]}))
    )


def listed_in(query: QueryDict, word: str) -> list[str]:
    """The names that a word of the query string lists, such as ``unset=kind,state``."""
    return [name for name in query.get(word, "").split(",") if name]


def _empty(ledger: Ledger, name: str) -> models.Q:
    """Condition: the field says nothing."""
    nothing = models.Q(**{f"{name}__isnull": True})
    worded = isinstance(path(ledger.model, name)[-1], models.CharField | models.TextField)
    return nothing | models.Q(**{name: ""}) if worded else nothing


def _fits(field: Any, value: str) -> bool:
    try:
        read = (field.target_field if field.is_relation else field).to_python(value)
    except ValidationError:
        return False
    return abs(read) < BIGGEST if isinstance(read, int) else len(value) < 100 and "\x00" not in value


def _units(name: str, said: list[str], exactly: bool) -> models.Q:
    wanted = [int(value) for value in said if value.isdigit() and len(value) < 18]
    if exactly:
        return models.Q(**{f"{name}__in": wanted})
    condition = models.Q(pk__in=[])
    for prefix in OrgUnit.objects.filter(pk__in=wanted).values_list("path", flat=True):
        condition |= models.Q(**{f"{name}__path__startswith": prefix})
    return condition


def _by_period(rows: Any, name: str, field: Any, query: QueryDict) -> Any:
    first, last = period(query, name)
    moments = isinstance(field, models.DateTimeField)
    if first:
        rows = rows.filter(**{f"{name}__gte": _start(first) if moments else first})
    if last:
        beyond = last + timedelta(days=1)
        rows = rows.filter(**{f"{name}__lt": _start(beyond) if moments else beyond})
    return rows


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), clock.zone())


def period(query: Mapping[str, Any], name: str) -> tuple[date | None, date | None]:
    """The days ``name_from`` and ``name_to``; Rejected for what is no date, or a reversed period."""
    first, last = (_day(query, f"{name}_{end}") for end in ("from", "to"))
    if first and last and last < first:
        raise Rejected({f"{name}_to": "止期要晚于起期"})
    return first, last


def _day(query: Mapping[str, Any], name: str) -> date | None:
    said = str(query.get(name) or "").strip()
    try:
        day = parse_date(said) if said else None
    except ValueError:
        day = None
    if said and (day is None or not 1900 <= day.year <= 2200):
        raise Rejected({name: "日期要写成 2026-10-20 这样"})
    return day


def search(ledger: Ledger, rows: Any, text: str) -> Any:
    """Rows where every word is part of a searched field; masked fields answer to their whole value only."""
    for word in text.replace("\x00", "").split()[:8]:
        condition = ledger.seek(word)
        for name in ledger.search_names:
            exact = name in ledger.masked
            found = models.Q(**{name if exact else f"{name}__icontains": word})
            condition |= _once(ledger, name, found)
        rows = rows.filter(condition)
    return rows


def _once(ledger: Ledger, name: str, condition: models.Q) -> models.Q:
    """The condition so that a row with many related ones still comes once."""
    if not any(field.one_to_many or field.many_to_many for field in path(ledger.model, name)):
        return condition
    return models.Q(pk__in=ledger.model.unguarded.filter(condition).values("pk"))


def _by_time(ledger: Ledger, rows: Any, query: QueryDict, user: Any) -> Any:
    final = ledger.flow.final if ledger.flow else ()
    if ledger.flow and query.get("overdue"):
        rows = rows.filter(overdue_condition()).exclude(state__in=final)
    if ledger.flow and query.get("open"):
        rows = rows.exclude(state__in=final)
    if ledger.expires and (said := [value for value in query.getlist(PARAMETER) if value]):
        rows = rows.filter(ledger.watched, _any_of([standing(ledger, value, user) for value in said]))
    for word, condition in ledger.marks.items():
        if query.get(word):
            rows = rows.filter(condition())
    if query.get("mine"):
        rows = rows.filter(**{ledger.model.OWNER or "created_by": user})
    return _archived(ledger, rows, query.get("archived", ""))


def _any_of(conditions: list[models.Q]) -> models.Q:
    found = models.Q(pk__in=[])
    for condition in conditions:
        found |= condition
    return found


def _archived(ledger: Ledger, rows: Any, said: str) -> Any:
    if said == "all" or (not said and ledger.flow):
        return rows
    return rows.exclude(archived_at=None) if said == "1" else rows.filter(archived_at=None)


def filters(ledger: Ledger, query: QueryDict, user: Any, rows: Any = None) -> list[Filter]:
    """The pills of the filter bar; where ``rows`` belong to schools also those of the schools."""
    found = [
        _marked(made, query) for name in ledger.filter_names if (made := _pill(ledger, name, query, user))
    ]
    found += [_standings(query)] if ledger.expires else []
    found += [_named(ledger, query, user)] if ledger.whose and query.get(WHOSE) else []
    return found + (school_pills(query, user) if about_schools(ledger, query, user, rows) else [])


def _named(ledger: Ledger, query: QueryDict, user: Any) -> Filter:
    """The pill of the people whose rows are listed; it stays nameless for who may not see them."""
    model = path(ledger.model, ledger.whose.split()[0])[-1].related_model
    known, said = ledger_of(model), [value for value in query.getlist(WHOSE) if value.isdecimal()]
    seen = (
        visible_rows(known, user)
        if known and scope(user, known.permission("view"))
        else model.unguarded.none()
    )
    names = {
        str(row.pk): str(row) for row in seen.filter(pk__in=[value for value in said if len(value) < 19])
    }
    choices = [Choice(value, names.get(value, "所选人员"), checked=True) for value in said]
    return Filter(WHOSE, "有关人员", choices, "、".join(choice.label for choice in choices))


def _marked(pill: Filter, query: QueryDict) -> Filter:
    """The pill with the words of ``unset`` and ``exact``."""
    if pill.name in listed_in(query, UNSET):
        return replace(pill, shown="未填")
    exactly = pill.shown and pill.name in listed_in(query, EXACT)
    return replace(pill, shown=f"{pill.shown}（本级）") if exactly else pill


def _standings(query: QueryDict) -> Filter:
    said = query.getlist(PARAMETER)
    choices = [Choice(code, words, tone, checked=code in said) for code, (tone, words) in STANDINGS.items()]
    return Filter(PARAMETER, "有效期状态", choices, "、".join(one.label for one in choices if one.checked))


def _pill(ledger: Ledger, name: str, query: QueryDict, user: Any) -> Filter | None:
    fields = path(ledger.model, name)
    field, title = fields[-1], ledger.words.get(name) or title_of(fields)
    if isinstance(field, models.DateField):
        ends = [query.get(f"{name}_from", ""), query.get(f"{name}_to", "")]
        shown = " 至 ".join(end for end in ends if end)
        return Filter(name, title, shown=shown, kind="range", values=ends)
    said = query.getlist(name)
    if field.is_relation and (pill := _looked_up(ledger, name, title, said, user)):
        return pill
    choices = [Choice(value, label, checked=value in said) for value, label in _choices(ledger, field, user)]
    shown = "、".join(choice.label for choice in choices if choice.checked)
    return Filter(name, title, choices, shown) if choices else None


def _looked_up(ledger: Ledger, name: str, title: str, said: list[str], user: Any) -> Filter | None:
    """A pill with a picker, where there is more to choose from than fits a list."""
    field = path(ledger.model, name)[-1]
    offered = options(ledger, user, field, "view")
    if offered.order_by().values("pk")[: A_LIST + 1].count() <= A_LIST:
        return None
    known = [value for value in said if _fits(field, value)]
    chosen = [{"value": row.pk, "label": str(row)} for row in offered.filter(pk__in=known)] if known else []
    shown = "、".join(row["label"] for row in chosen)
    narrow = narrowing_of(field.related_model, user)
    url = f"{ledger.url}choose/{name}?among=list"
    return Filter(name, title, shown=shown, kind="pick", url=url, narrow=narrow, chosen=chosen)


def _choices(ledger: Ledger, field: Any, user: Any) -> Iterator[tuple[str, str]]:
    flow = flow_of(field.model) if field.name == "state" else None
    if flow:
        yield from ((code, state.title) for code, state in flow.states.items())
    elif field.is_relation:
        rows = options(ledger, user, field, "view")
        order = (*(rows.query.order_by or rows.model._meta.ordering), "pk")  # equals stay in one order
        yield from ((str(item.pk), str(item)) for item in rows.order_by(*order))
    elif isinstance(field, models.BooleanField):
        yield from (("1", "是"), ("0", "否"))
    elif field.name in ledger.offers.split():
        yield from ((said, said) for said in _said_so_far(ledger, field.name, user))
    else:
        yield from ((str(value), str(label)) for value, label in field.flatchoices)


def _said_so_far(ledger: Ledger, name: str, user: Any) -> list[str]:
    """What a text field holds in the rows the person may see."""
    found = visible_rows(ledger, user).order_by().exclude(**{name: ""}).values_list(name, flat=True)
    return sorted(found.distinct()[:OPTIONS_CAP])
