"""The wall screen: where the closed loop of hazards stands under the viewer's scope, refreshed every half minute.

It hangs in public: no names of people, no telephone numbers, no free text; a hazard is named by its school,
category and grade.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from anlan.base.calendar import term_of
from anlan.base.outlines import Outline
from anlan.base.schools import School
from anlan.domains.safety.hazard_flow import HazardFlow
from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.inspection import InspectionTask
from anlan.domains.safety.notice_copies import NoticeCopy
from anlan.domains.safety.punctuality import Rate, by_town, punctual
from anlan.engines.org.api import OrgUnit, declare_permission, may, require
from anlan.engines.registry.api import overdue_condition
from anlan.engines.workflow.api import Step
from anlan.kernel import clock
from anlan.kernel.errors import Missing
from anlan.shell.deadlines import WEEKDAYS, due, local
from anlan.shell.navigation import Page, add_page
from anlan.shell.parts import Rank, Stat
from anlan.shell.responses import render_block
from anlan.shell.trends import Series

VIEW = declare_permission(
    "safety.walls.view",
    "校园安全大屏：查看",
    ("bureau_safety", "bureau_leader", "bureau_viewer", "upper_safety"),
).code
HAZARDS, TASKS, COPIES = "safety.hazards.view", "safety.inspections.view", "safety.notice_copies.view"
SCHOOLS, URL, DAYS = "base.schools.view", "/safety/wall/", 30
OUTLINE = f"{URL}outline.json"
FEED, LONGEST, TOWNS = 6, 2, 8
LOW, MIDDLE = 80, 90
FUNNEL = (
    ("发现", ()),
    ("核实", ("reported",)),
    ("提交整改", ("reported", "assigned", "fixing", "returned")),
    ("审核通过", ("reported", "assigned", "fixing", "returned", "submitted")),
    ("复查合格", ("reported", "assigned", "fixing", "returned", "submitted", "recheck")),
)
LEGEND = (("p0", "正常"), ("p1", "有未销号隐患"), ("p2", "有逾期"))

add_page(Page("safety", "分析", "安全大屏", URL, VIEW, order=900))


@dataclass
class Standing:
    """Figures of the wall for one person; each counts only rows the person may see."""

    user: Any

    @cached_property
    def unit(self) -> OrgUnit:
        """The highest unit whose wall the person may see."""
        path = min(require(self.user, VIEW).paths, key=len)
        return OrgUnit.objects.get(path=path)

    @cached_property
    def hazards(self) -> Any:
        """Every hazard."""
        return Hazard.objects.visible(self.user, HAZARDS).order_by()

    @cached_property
    def open(self) -> Any:
        """Those not ended."""
        return self.hazards.exclude(state__in=HazardFlow.final.split())

    @cached_property
    def late(self) -> Any:
        """Open ones past their deadline."""
        return self.open.filter(overdue_condition())

    @cached_property
    def begun(self) -> tuple[str, date]:
        """The present term's name and first day; between terms the last twelve months."""
        term = term_of(self.unit, clock.today())
        return ("本学期", term.first) if term else ("近一年", clock.today() - timedelta(days=365))

    @cached_property
    def found(self) -> Any:
        """Hazards found in that time, false alarms left out."""
        return self.hazards.filter(found_at__gte=_start(self.begun[1])).exclude(state="void")

    @cached_property
    def inspected(self) -> int | None:
        """Inspections handed in this month; None without the right to see them."""
        if not may(self.user, TASKS):
            return None
        rows = InspectionTask.objects.visible(self.user, TASKS)
        month = _start(clock.today().replace(day=1))
        return int(rows.filter(state="completed", submitted_at__gte=month).count())

    @cached_property
    def unread(self) -> int | None:
        """Notices in force that an addressed unit has not read; None without the right to see them."""
        if not may(self.user, COPIES):
            return None
        rows = NoticeCopy.objects.visible(self.user, COPIES)
        return int(rows.filter(read_at=None, notice__state="published").count())

    @cached_property
    def rate(self) -> Rate:
        """Closed in time, of the hazards of the term that were due."""
        return punctual(self.found)

    def days(self) -> list[date]:
        """The last thirty days, today last."""
        return [clock.today() - timedelta(days=back) for back in reversed(range(DAYS))]

    def per_day(self, name: str, rows: Any) -> tuple[int, ...]:
        """How many rows fall on each of those days by the moment ``name``."""
        days = self.days()
        moments = rows.filter(**{f"{name}__gte": _start(days[0])}).values_list(name, flat=True)
        numbers = Counter(local(moment).date() for moment in moments)
        return tuple(numbers[day] for day in days)


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), clock.zone())


@require_safe
def screen(request: HttpRequest) -> HttpResponse:
    """The wall, or only its screen when htmx asks again; Forbidden below the county."""
    require(request.user, VIEW)
    standing, now = Standing(request.user), local(clock.now())
    verdict, tone = _verdict(standing)
    context = {
        "title": f"{standing.unit.name.removesuffix('教育局')}校园安全态势",
        "verdict": verdict,
        "tone": tone,
        "text": _sentence(standing),
        "clock": f"{now:%H:%M}",
        "day": f"{now.month} 月 {now.day} 日 周{WEEKDAYS[now.weekday()]}",
        "fresh": f"数据 {now:%H:%M} 更新",
        "refresh": URL,
        "left": [_today(standing), _funnel(standing), _trend(standing)],
        "right": [_events(standing), _towns(standing)],
        "map": _map(standing),
    }
    return render_block(request, "shell/wall.html", "screen", context)


def _verdict(standing: Standing) -> tuple[str, str]:
    """Late major hazards are urgent, other late ones need pressing, none late is calm."""
    if standing.late.filter(grade="major").exists():
        return "重大隐患逾期，须立即处置。", "late"
    return ("有隐患逾期，须督办。", "todo") if standing.late.exists() else ("总体平稳。", "ok")


def _sentence(standing: Standing) -> str:
    words = [f"{standing.open.count()} 条隐患未销号，{standing.late.count()} 条逾期"]
    if standing.unread is not None:
        words.append(f"{standing.unread} 份通知未查阅")
    return "，".join(words)


def _today(standing: Standing) -> dict[str, Any]:
    found = [
        ("未销号隐患", standing.open.count(), "条"),
        ("已逾期", standing.late.count(), "条"),
        ("本月完成巡查", standing.inspected, "次"),
        ("通知未查阅", standing.unread, "份"),
    ]
    stats = [Stat(label, f"{n:,}", unit=unit) for label, n, unit in found if n is not None]
    return {"title": "当前", "kind": "kpi", "stats": stats}


def _funnel(standing: Standing) -> dict[str, Any]:
    states = Counter(standing.found.values_list("state", flat=True))
    whole = states.total()
    rows = [
        Rank(title, n, f"{n:,}")
        for title, before in FUNNEL
        for n in (whole - sum(states[state] for state in before),)
    ]
    rows.append(Rank("销号", states["closed"], f"{states['closed']:,}", tone="y"))
    words = f"按期销号率 {standing.rate.shown}" if standing.rate.due else ""
    part = {"title": "隐患闭环", "note": standing.begun[0], "kind": "funnel"}
    return part | {"rows": rows, "whole": whole, "words": words}


def _trend(standing: Standing) -> dict[str, Any]:
    found = standing.per_day("found_at", standing.hazards.exclude(state="void"))
    closed = standing.per_day("archived_at", standing.hazards.filter(state="closed"))
    return {
        "title": f"近 {DAYS} 天",
        "note": "每日新发现与销号",
        "kind": "trend",
        "fill": True,
        "ticks": [f"{day:%m-%d}" for day in standing.days()],
        "series": [Series("发现", found), Series("销号", closed)],
        "sentence": f"近 {DAYS} 天新发现 {sum(found)} 条，销号 {sum(closed)} 条",
    }


def _events(standing: Standing) -> dict[str, Any]:
    rows = standing.late.select_related("org", "category").order_by("due_at", "pk")[:LONGEST]
    return {
        "title": "逾期最久",
        "note": f"共 {standing.late.count()} 条",
        "kind": "events",
        "none": "当前没有逾期的隐患",
        "events": [_event(hazard) for hazard in rows],
        "feed": _feed(standing),
    }


def _event(hazard: Hazard) -> dict[str, Any]:
    stages = list(hazard.flow.stages.values())
    present = next(place for place, names in enumerate(stages) if hazard.state in names)
    return {
        "title": f"{hazard.category}隐患",
        "when": due(hazard.due_at).text,
        "unit": str(hazard.org),
        "kind": hazard.get_grade_display() if hazard.grade else "",
        "stages": [
            "d" if place < present else "n" if place == present else "" for place in range(len(stages))
        ],
        "words": hazard.flow.states[hazard.state].title,
    }


def _feed(standing: Standing) -> list[dict[str, str]]:
    seen = standing.hazards.values("pk")
    steps = Step.objects.filter(model=Hazard._meta.label_lower, object_id__in=seen).order_by("-at", "-pk")[
        :FEED
    ]
    ids = {step.object_id for step in steps}
    hazards = standing.hazards.filter(pk__in=ids).select_related("org", "category").in_bulk()
    found = []
    for step in steps:
        hazard, at = hazards[step.object_id], local(step.at)
        when = f"{at:%H:%M}" if at.date() == clock.today() else f"{at:%m-%d}"
        found.append({"when": when, "text": f"{hazard.org} {step.title}（{hazard.category}）"})
    return found


def _towns(standing: Standing) -> dict[str, Any]:
    rates = sorted(by_town(standing.found).items(), key=lambda pair: (pair[1].share, pair[0]))[:TOWNS]
    rows = [Rank(name, rate.share, f"{int(rate.share)}%", tone=_tone(rate.share)) for name, rate in rates]
    return {"title": "按期销号率靠后的镇街", "note": standing.begun[0], "kind": "rank", "rows": rows}


def _tone(share: float) -> str:
    return "l" if share < LOW else "m" if share < MIDDLE else "n"


def _map(standing: Standing) -> dict[str, Any]:
    late = set(standing.late.values_list("org", flat=True))
    waiting = set(standing.open.values_list("org", flat=True))
    schools = School.objects.visible(standing.user, SCHOOLS).filter(archived_at=None, closed_on=None)
    placed = schools.exclude(latitude=None).exclude(longitude=None)
    points = [
        (float(east), float(north), name, 2 if org in late else 1 if org in waiting else 0)
        for org, name, east, north in placed.values_list("org", "name", "longitude", "latitude")
    ]
    kinds = Counter(point[3] for point in points)
    legend = [{"css": css, "text": f"{words} {kinds[kind]}"} for kind, (css, words) in enumerate(LEGEND)]
    sentence = f"学校分布：{kinds[2]} 所有逾期隐患，{kinds[1]} 所有未销号隐患，{kinds[0]} 所正常"
    found = {"id": "map", "sentence": sentence, "points": points, "legend": legend}
    outline = Outline.objects.filter(unit=standing.unit).defer("shape").first()
    return found | {"boundary": OUTLINE, "licence": outline.source} if outline else found


@require_safe
def outline(request: HttpRequest) -> HttpResponse:
    """The map of the unit whose wall the person sees; Missing where none was loaded."""
    require(request.user, VIEW)
    found = Outline.objects.filter(unit=Standing(request.user).unit).first()
    if found is None:
        raise Missing
    return JsonResponse(found.shape, headers={"Cache-Control": "private, max-age=3600"})
