"""What schools lack by the standard of technical protection, today; every number opens its rows (D02.7)."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from anlan.domains.site_security.tech_editions import LEVELS
from anlan.domains.site_security.tech_gaps import Held, Need, held_under
from anlan.engines.analytics.api import Answer, AreaForm, Cell, Line, declare_areas, show
from anlan.engines.org.api import OrgUnit, require
from anlan.shell.navigation import Page, add_page
from anlan.shell.parts import Stat, View

URL, VIEW = "/site-security/tech-gaps/", "site_security.tech_assessments.view"
TABS = {
    "school": "按学校",
    "gaps": "全部缺项",
    "unassessable": "不可评估的学校",
    "unplaced": "未设部位的设备",
}
# Level and whether only what is lacking, by the word in the address.
PARTS = {"gaps": ("", True)} | {
    f"{level}{suffix}": (level, lacking)
    for level, _ in LEVELS
    for suffix, lacking in (("", False), ("_gaps", True))
}
COUNTS = ("must", "must_gaps", "should", "should_gaps")
MOST = 500

add_page(Page("safety", "技防设备", "技防标准对照", URL, VIEW, None, 257))
AREAS = declare_areas("site-security-tech-areas", VIEW)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page or its table as a file; 422 for an area outside the person's scope."""
    require(request.user, VIEW)
    form = AreaForm(request.GET)
    form.ask_within(request.user, VIEW, AREAS)
    return show(request, "技防标准对照", form, _answer(request, form) if form.is_valid() else None)


def _address(area: OrgUnit, by: str) -> str:
    return f"{URL}?area={area.pk}&by={by}"


def _answer(request: HttpRequest, form: AreaForm) -> Answer:
    area, said = form.settled_area(request.user, VIEW), form.cleaned_data["by"]
    by, held = said if said in {*TABS, *PARTS} else "school", held_under(area)
    head, lines = _table(by, held)
    shown = lines if "export" in request.GET else lines[:MOST]
    cut = f"共 {len(lines):,} 行，页面只列前 {MOST} 行；请选择学校查看，或导出全部。"
    return Answer(
        head,
        shown,
        total=_counts("合计", held, area) if by == "school" else None,
        lede=f"{area}，{_editions(held)}。按今天登记的设备核对，退出使用的设备不算。",
        note=cut if len(shown) < len(lines) else "",
        stats=_stats(held, area),
        views=[View(title, _address(area, code), current=code == by) for code, title in TABS.items()],
        worded=by != "school",
    )


def _editions(held: Iterable[Held]) -> str:
    names = sorted({str(one.edition) for one in held if one.edition})
    return f"按{'、'.join(names)}" if names else "没有启用的技防标准"


def _stats(held: list[Held], area: OrgUnit) -> list[Stat]:
    figures = {
        "must_gaps": ("应配缺项", _sum(held, "must_gaps"), "项"),
        "should_gaps": ("宜配缺项", _sum(held, "should_gaps"), "项"),
        "unassessable": ("不可评估的学校", sum(bool(one.why) for one in held), "校"),
        "unplaced": ("未设部位的设备", sum(len(one.unplaced) for one in held), "台"),
    }
    return [
        Stat(title, f"{number:,}", _address(area, by), unit) for by, (title, number, unit) in figures.items()
    ]


def _sum(held: Iterable[Held], part: str) -> int:
    return sum(len(one.some(*PARTS[part])) for one in held)


def _table(by: str, held: list[Held]) -> tuple[tuple[str, ...], list[Line]]:
    if by == "school":
        return ("学校", "应配项", "应配缺项", "宜配项", "宜配缺项", "未设部位的设备"), [
            _counts(str(one.unit), [one], one.unit) for one in held
        ]
    if by == "unassessable":
        return ("学校", "原因"), [Line(str(one.unit), [_words(one.why)]) for one in held if one.why]
    if by == "unplaced":
        return ("设备", "类型", "具体位置", "学校"), list(_unplaced(held))
    return ("学校", "条款", "程度", "部位类别", "部位", "设备类型", "已配设备"), [
        _line(one, need) for one in held for need in one.some(*PARTS[by])
    ]


def _words(shown: str, url: str = "", tone: str = "") -> Cell:
    return Cell(shown, url, tone, words=True)


def _counts(title: str, held: list[Held], unit: OrgUnit) -> Line:
    """Four numbers and the devices without a place; a school that cannot be judged has no numbers."""
    loose = Cell(f"{sum(len(one.unplaced) for one in held):,}", _address(unit, "unplaced"))
    if len(held) == 1 and held[0].unit == unit and held[0].why:
        closed = Cell("不可评估", _address(unit, "unassessable"))
        return Line(title, [closed, *[Cell("—")] * 3, loose])
    cells = []
    for part in COUNTS:
        number = _sum(held, part)
        tone = "late" if part == "must_gaps" and number else ""
        cells.append(Cell(f"{number:,}", _address(unit, part), tone))
    return Line(title, [*cells, loose], _address(unit, "gaps") if title != "合计" else "")


def _line(held: Held, need: Need) -> Line:
    clause = f"/site-security/tech-clauses/{need.clause}/"
    there: Any = (
        _words("缺", tone="late")
        if need.lacking
        else _words("、".join(need.devices), f"/site-security/devices/?org={held.unit.pk}")
    )
    said = (dict(LEVELS)[need.level], need.kind, need.place, need.device)
    return Line(str(held.unit), [_words(need.number, clause), *map(_words, said), there])


def _unplaced(held: Iterable[Held]) -> Iterator[Line]:
    for one in held:
        for device in one.unplaced:
            cells = [_words(device.kind.name), _words(device.spot), _words(str(one.unit))]
            yield Line(device.code, cells, device.get_absolute_url())
