"""Devices counted by type, school, area and age, by condition; every number opens its list (D02.3)."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from anlan.base.schools import School
from anlan.base.vocabularies import Code
from anlan.domains.site_security.device_registers import Devices
from anlan.domains.site_security.devices import KINDS, Condition, Device
from anlan.domains.site_security.repair_registers import Repairs
from anlan.engines.analytics.api import (
    Answer,
    AreaForm,
    Cell,
    Chart,
    Figure,
    Line,
    Offer,
    declare_areas,
    offer,
    show,
)
from anlan.engines.org.api import Kind, OrgUnit, require
from anlan.engines.registry.api import ledgers
from anlan.engines.tasks.api import months_later
from anlan.kernel import clock
from anlan.shell.navigation import Page, add_page
from anlan.shell.parts import Rank, Stat, View
from anlan.shell.tables import address

URL, LIST, VIEW = "/site-security/device-figures/", "/site-security/devices/", "site_security.devices.view"
GROUPINGS = {
    "kind": "按类型",
    "town": "按地区",
    "school": "按学校",
    "age": "按使用年限",
    "none": "没有设备的学校",
}
AGES = ((0, 3), (3, 5), (5, 8), (8, 0))  # whole years from, to; 0: without end
SUMS = {one.value: Count("pk", filter=Q(condition=one)) for one in Condition} | {"all": Count("pk")}
HEAD = ("总数", *(one.label for one in Condition))

add_page(Page("safety", "技防设备", "技防设备统计", URL, VIEW, None, 255))
offer(
    Offer(
        "site_security.devices",
        (
            Figure("技防设备故障", ledgers[Devices.code], "condition=faulty", "台"),
            Figure("技防恢复逾期", ledgers[Repairs.code], "late=1", "单"),
        ),
    )
)


AREAS = declare_areas("site-security-device-areas", VIEW)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page or its table as a file; 422 for an area outside the person's scope."""
    require(request.user, VIEW)
    form = AreaForm(request.GET)
    form.ask_within(request.user, VIEW, AREAS)
    return show(request, "技防设备统计", form, _answer(request, form) if form.is_valid() else None)


def _answer(request: HttpRequest, form: AreaForm) -> Answer:
    area, said = form.settled_area(request.user, VIEW), form.cleaned_data["by"]
    by = said if said in GROUPINGS else "kind"
    rows = Device.objects.visible(request.user, VIEW).filter(archived_at=None)
    rows = rows.filter(org__path__startswith=area.path).order_by()
    base = {"org": str(area.pk)}
    lines, total = list(_lines(by, rows, area)), _line("合计", rows.aggregate(**SUMS), base)
    lacking = len(_schools_without(rows, area))
    shown = dict(zip(HEAD, total.cells, strict=True))
    picked = ("总数", Condition.FAULTY.label, Condition.OFFLINE.label)
    stats = [Stat(title, shown[title].shown, shown[title].url, "台") for title in picked]
    stats.append(Stat("没有登记设备的学校", str(lacking), address(request, by="none"), "校"))
    return Answer(
        (GROUPINGS[by].removeprefix("按"), *HEAD),
        lines,
        total=total,
        lede=f"{area}。退出使用的设备不计入故障。",
        stats=stats,
        charts=[_chart("设备数量", lines, 0), _chart("故障设备", lines, 3)],
        views=[
            View(title, address(request, by=code), current=code == by) for code, title in GROUPINGS.items()
        ],
    )


def _chart(title: str, lines: Iterable[Line], column: int) -> Chart:
    cells = ((line.title, line.cells[column]) for line in lines)
    found = [(float(cell.shown.replace(",", "")), name, cell) for name, cell in cells if cell.shown != "0"]
    most = sorted(found, key=lambda item: -item[0])[:10]
    return Chart(title, [Rank(name, value, cell.shown, cell.url) for value, name, cell in most])


def _line(title: str, row: dict[str, int], base: dict[str, str], url: str = "") -> Line:
    """Total and one figure per condition, each with its list."""
    cells = [Cell(f"{row['all']:,}", f"{LIST}?{urlencode(base)}")]
    for one in Condition:
        tone = "late" if one == Condition.FAULTY and row[one.value] else ""
        query = urlencode(base | {"condition": one.value})
        cells.append(Cell(f"{row[one.value]:,}", f"{LIST}?{query}", tone))
    return Line(title, cells, url)


def _lines(by: str, rows: Any, area: OrgUnit) -> Iterator[Line]:
    base = {"org": str(area.pk)}
    if by == "kind":
        names = dict(Code.objects.filter(table=KINDS).values_list("pk", "name"))
        for row in sorted(rows.values("kind").annotate(**SUMS), key=lambda row: -row["all"]):
            yield _line(names[row["kind"]], row, base | {"kind": row["kind"]})
    elif by == "age":
        for title, condition, query in _ages():
            yield _line(title, rows.filter(condition).aggregate(**SUMS), base | query)
    elif by == "none":
        for unit in _schools_without(rows, area):
            yield _line(str(unit), dict.fromkeys(SUMS, 0), {"org": str(unit.pk)})
    else:
        yield from _by_unit(by, rows, area)


def _ages() -> Iterator[tuple[str, Q, dict[str, str]]]:
    """Words, condition and query of each span of years in use."""

    def before(years: int) -> date:
        return months_later(clock.today(), -12 * years)

    for first, end in AGES:
        title = f"{first} 年以上" if not end else (f"{first} 至 {end} 年" if first else f"不满 {end} 年")
        condition, query = Q(installed_on__isnull=False), {}
        if end:
            since = before(end) + timedelta(days=1)
            condition, query = (
                condition & Q(installed_on__gte=since),
                {"installed_on_from": since.isoformat()},
            )
        if first:
            until = before(first)
            condition, query = (
                condition & Q(installed_on__lte=until),
                query | {"installed_on_to": until.isoformat()},
            )
        yield title, condition, query
    yield "未填安装日期", Q(installed_on=None), {"undated": "1"}


def _schools(area: OrgUnit) -> list[OrgUnit]:
    rows = School.objects.unscoped().filter(org__path__startswith=area.path, closed_on=None, archived_at=None)
    return list(OrgUnit.objects.filter(pk__in=rows.values("org"), closed_on=None).order_by("path"))


def _schools_without(rows: Any, area: OrgUnit) -> list[OrgUnit]:
    owners = set(rows.values_list("org", flat=True).distinct())
    return [unit for unit in _schools(area) if unit.pk not in owners]


def _by_unit(by: str, rows: Any, area: OrgUnit) -> Iterator[Line]:
    """Every school, also without devices, or the units directly below with all under them."""
    counted = list(rows.values("org__path").annotate(**SUMS))
    towns = by == "town" and area.kind != Kind.SCHOOL
    units = list(
        OrgUnit.objects.filter(parent=area, closed_on=None).exclude(kind=Kind.AGENCY).order_by("path")
    )
    for unit in units if towns else _schools(area):
        mine = [row for row in counted if row["org__path"].startswith(unit.path)]
        sums = {name: sum(row[name] for row in mine) for name in SUMS}
        yield _line(str(unit), sums, {"org": str(unit.pk)}, f"{URL}?area={unit.pk}&by=kind")
