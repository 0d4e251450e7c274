"""People, fire, physical and technical protection of an area or a school, by unit and by kind (SAF.44, P.28)."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from anlan.base.roles import ABOVE, AT_SCHOOL
from anlan.base.schools import School
from anlan.domains.physical.resources import Resource, resources_for
from anlan.engines.analytics.api import Answer, AreaForm, Cell, Line, declare_areas, show
from anlan.engines.org.api import Kind, OrgUnit, declare_permission, require
from anlan.engines.registry.api import titles_of
from anlan.kernel.errors import Missing
from anlan.shell.navigation import Page, add_page
from anlan.shell.parts import Stat, View
from anlan.shell.tables import address

URL, TITLE = "/physical/totals/", "人防消防物防技防统计"
VIEW = declare_permission("physical.totals.view", f"{TITLE}：查看", (*ABOVE, *AT_SCHOOL)).code
VIEWS = {"area": "按地区", "school": "按学校", "kind": "按种类", "late": "检查逾期"}
Counted = dict[tuple[str, Any], int]

add_page(Page("safety", "实体防护", TITLE, URL, VIEW, None, 304))


AREAS = declare_areas("protection-areas", VIEW)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page or its table as a file; Missing for a unit outside the person's scope."""
    require(request.user, VIEW)
    form = AreaForm(request.GET)
    form.ask_within(request.user, VIEW, AREAS)
    if not form.is_valid():
        raise Missing
    area = form.settled_area(request.user, VIEW)
    said = form.cleaned_data["by"]
    by = said if said in VIEWS else "kind" if area.kind == Kind.SCHOOL else "area"
    return show(request, TITLE, form, _answer(request, area, by))


def _answer(request: HttpRequest, area: OrgUnit, by: str) -> Answer:
    kept = list(resources_for(request.user))
    counted = [one.counted(request.user, area) for one in kept]
    late = [one.counted(request.user, area, late=True) if one.late else {} for one in kept]
    stats = [
        Stat(f"{one.title}检查逾期", f"{sum(rows.values()):,}", one.cell(0, area, late=True).url, "项")
        for one, rows in zip(kept, late, strict=True)
        if one.late
    ]
    views = [View(words, address(request, by=code), current=code == by) for code, words in VIEWS.items()]
    lede = f"{area}，只计在岗人员和在用的设施、设备；物防设施、防护装备按件数合计。"
    if by == "kind":
        lines = list(_by_kind(kept, counted, late, area))
        return Answer(("种类", "数量", "检查逾期"), lines, lede=lede, stats=stats, views=views)
    head, columns = [f"{one.group}：{one.title}" for one in kept], counted
    if by == "late":
        pairs = [(one, rows) for one, rows in zip(kept, late, strict=True) if one.late]
        kept, columns = [one for one, _ in pairs], [rows for _, rows in pairs]
        head = [f"{one.title}检查逾期" for one in kept]
    units = _below(area) if by == "area" else _schools(area)
    lines = list(_by_unit(kept, columns, units, by == "late"))
    total = Line("合计", [
        one.cell(sum(rows.values()), area, by == "late") for one, rows in zip(kept, columns, strict=True)
    ])  # fmt: skip
    return Answer(("单位", *head), lines, total=total, lede=lede, stats=stats, views=views)


def _by_kind(
    kept: list[Resource], counted: list[Counted], late: list[Counted], area: OrgUnit
) -> Iterator[Line]:
    """Every kind of every resource, with what is overdue of it."""
    for one, rows, behind in zip(kept, counted, late, strict=True):
        kinds = _summed(rows)
        titles = titles_of(one.ledger, one.by, kinds)
        for kind, number in sorted(kinds.items(), key=lambda pair: -pair[1]):
            over = one.cell(_summed(behind).get(kind, 0), area, True, kind) if one.late else Cell("—")
            words = f"{one.group} {one.title}：{titles.get(kind, '未填')}"
            yield Line(words, [one.cell(number, area, kind=kind), over])


def _summed(rows: Counted) -> dict[Any, int]:
    found: dict[Any, int] = {}
    for (_, kind), number in rows.items():
        found[kind] = found.get(kind, 0) + number
    return found


def _by_unit(
    kept: list[Resource], columns: list[Counted], units: list[OrgUnit], late: bool
) -> Iterator[Line]:
    """Units with everything under them; what belongs to none of them (closed schools, offices) comes last."""
    left = [dict(rows) for rows in columns]
    for unit in units:
        mine = [[key for key in rows if key[0].startswith(unit.path)] for rows in left]
        numbers = [sum(rows.pop(key) for key in keys) for rows, keys in zip(left, mine, strict=True)]
        if any(numbers) or not late:
            cells = [one.cell(number, unit, late) for one, number in zip(kept, numbers, strict=True)]
            yield Line(str(unit), cells, f"{URL}?area={unit.pk}")
    if any(left):
        yield Line("其他单位", [Cell(f"{sum(rows.values()):,}") for rows in left])


def _below(area: OrgUnit) -> list[OrgUnit]:
    if area.kind == Kind.SCHOOL:
        return [area]
    units = OrgUnit.objects.filter(parent=area, closed_on=None).exclude(kind=Kind.AGENCY)
    return list(units.order_by("path"))


def _schools(area: OrgUnit) -> list[OrgUnit]:
    rows = School.objects.unscoped().filter(org__path__startswith=area.path, closed_on=None, archived_at=None)
    return list(OrgUnit.objects.filter(pk__in=rows.values("org"), closed_on=None).order_by("path"))
