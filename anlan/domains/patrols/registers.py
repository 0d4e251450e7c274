"""Ledgers of routes, points and stamps (S08.2)."""

from datetime import date, timedelta
from typing import Any

from anlan.domains.patrols.routes import Point, Route, Stamp, standing
from anlan.engines.registry.api import Ledger, block, ledger
from anlan.kernel import clock

KEEPERS = "school_safety school_head"
WATCHERS = "bureau_safety bureau_leader bureau_viewer township_officer team_admin"
IN_SCHOOL = f"{KEEPERS} school_contact guard staff dorm_keeper"
KEEPING = dict.fromkeys(("add", "edit", "archive", "import"), KEEPERS)


def _day(said: str) -> date:
    """The day asked for, today for anything else."""
    try:
        return min(date.fromisoformat(said), clock.today())
    except ValueError:
        return clock.today()


@ledger
class Routes(Ledger):
    """Routes, with how far today's walk is."""

    code = "patrols.routes"
    model = Route
    title, noun, icon = "巡查路线", "条", "map-pin"
    area, group, order = "safety", "巡查打卡", 300
    columns = "name org begins_at ends_at ordered walkers"
    filters = "org ordered"
    search = "name org__name"
    key = "org name"
    form = "org name begins_at ends_at ordered walkers"
    example = {"name": "晚间巡查", "begins_at": "18:00", "ends_at": "22:00"}
    roles = {"view": f"{WATCHERS} {IN_SCHOOL}", "export": f"{WATCHERS} {KEEPERS}", **KEEPING}

    @block("当天打卡", "patrols/standing.html")
    def today(self, request: Any, record: Route) -> dict[str, Any]:
        """Point by point: done, late, missed, still open."""
        day = _day(request.GET.get("day", ""))
        around = (day - timedelta(days=1), day + timedelta(days=1) if day < clock.today() else None)
        return {"rows": standing(record, day), "route": record, "day": day, "around": around}


@ledger
class Points(Ledger):
    """Points of the routes."""

    code = "patrols.points"
    model = Point
    title, noun, icon = "巡查点位", "处", "map-pin"
    area, group, order = "safety", "巡查打卡", 310
    columns = "name route number org latitude longitude radius"
    filters = "org route"
    search = "name route__name org__name"
    key = "route number"
    form = "org route number name latitude longitude radius"
    example = {"number": 1, "name": "配电室", "radius": 60}
    sort = "pk"
    roles = {"view": f"{WATCHERS} {KEEPERS}", "export": f"{WATCHERS} {KEEPERS}", **KEEPING}


@ledger
class Stamps(Ledger):
    """Who was where and when."""

    code = "patrols.stamps"
    model = Stamp
    readonly = True
    title, noun, icon = "打卡记录", "次", "clock"
    area, group, order = "safety", "巡查打卡", 320
    columns = "point route org person at created_at late way place metres fine note"
    filters = "org route day late place fine"
    search = "point__name route__name person__name note"
    sort = "-at"
    files = {"photo": "现场照片"}
    views = {"迟到": "late=1", "不在点位": "place=away", "无定位": "place=unknown", "异常": "fine=0"}
    roles = {
        "view": f"{WATCHERS} {KEEPERS} school_contact",
        "view.own": "guard staff dorm_keeper",
        "export": WATCHERS,
    }
