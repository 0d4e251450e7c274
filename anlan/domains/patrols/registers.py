"""Ledgers of routes, points, rounds and stamps (S08.2, N1.19)."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Q

from anlan.base.person_lists import person_list
from anlan.domains.patrols.rounds import FAILED, JUDGE, Round, rounds_on
from anlan.domains.patrols.routes import Point, Route, Stamp
from anlan.domains.patrols.stamping import judge
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, act, block, computed, ledger
from anlan.kernel import clock

KEEPERS = "school_safety school_head"
WATCHERS = "bureau_safety bureau_leader bureau_viewer township_officer team_admin"
IN_SCHOOL = f"{KEEPERS} school_contact guard staff dorm_keeper"
PLANNED = "daily starts limit_minutes least_minutes trusted_minutes school_days ordered walkers"
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
    columns = "name org begins_at ends_at rounds ordered walkers"
    facts = f"name org begins_at ends_at {PLANNED}"
    filters = "org ordered"
    search = "name org__name"
    key = "org name"
    form = f"org name begins_at ends_at {PLANNED}"
    example = {"name": "晚间巡查", "begins_at": "18:00", "ends_at": "22:00"}
    roles = {"view": f"{WATCHERS} {IN_SCHOOL}", "export": f"{WATCHERS} {KEEPERS}", **KEEPING}

    @computed("每天轮数", "number")
    def rounds(self, row: Route) -> int:
        """How many rounds a day has."""
        return len(row.times())

    @block("当天打卡", "patrols/standing.html")
    def today(self, request: Any, record: Route) -> dict[str, Any]:
        """Round by round and point by point: done, late, missed, doubtful, still open."""
        day = _day(request.GET.get("day", ""))
        around = (day - timedelta(days=1), day + timedelta(days=1) if day < clock.today() else None)
        return {"rounds": rounds_on(record, day), "route": record, "day": day, "around": around}


@ledger
class Rounds(Ledger):
    """Rounds of the routes, and what is wrong with those not walked as planned."""

    code = "patrols.rounds"
    model = Round
    readonly = True
    title, noun, icon = "巡查轮次", "轮", "history"
    area, group, order = "safety", "巡查打卡", 315
    columns = "round state skipped late quick begins_at ends_at org"
    facts = "route org day number begins_at ends_at state late quick skipped alerted_at"
    filters = "org route day state late quick"
    search = "route__name skipped org__name"
    sort = "-begins_at"
    views = {"没走完或漏巡": "failed=1", "迟到": "late=1", "过快": "quick=1"}
    marks = {"failed": lambda: Q(state__in=FAILED)}
    happenings = {"miss": "漏巡提醒"}
    roles = {"view": f"{WATCHERS} {KEEPERS} school_contact guard", "export": f"{WATCHERS} {KEEPERS}"}

    @computed("轮次", needs="route", sort="begins_at")
    def round(self, row: Round) -> str:
        """Route, day and number."""
        return str(row)


class JudgeForm(forms.Form):
    """Whether a doubtful stamp counts, and what shows it."""

    accepted = forms.ChoiceField(
        label="核实结果", choices=[("yes", "有效，计入"), ("no", "无效，不计入")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="核实情况", max_length=200)


def is_doubtful(stamp: Stamp) -> bool:
    """Nobody looked into it yet."""
    return stamp.standing == Stamp.Standing.DOUBTFUL


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
    example = {"number": 1, "name": "配电室", "radius": 100}
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
    columns = "point at standing person route org late place metres way fine note created_at"
    facts = "point route org person at created_at standing doubt judged_note judged_by late way place metres fine note"
    filters = "org route day standing late place fine"
    search = "point__name route__name person__name note"
    sort = "-at"
    files = {"photo": "现场照片"}
    happenings = {"judge": "核实"}
    views = {
        "存疑": "standing=doubtful",
        "迟到": "late=1",
        "不在点位": "place=away",
        "无定位": "place=unknown",
        "异常": "fine=0",
    }
    whose = "person__person"
    roles = {
        "view": f"{WATCHERS} {KEEPERS} school_contact",
        "view.own": "guard staff dorm_keeper",
        "export": WATCHERS,
    }

    @act("核实", JUDGE, form=JudgeForm, icon="eye", kind="primary", when=is_doubtful)
    def judge(self, actor: Actor, record: Stamp, values: dict[str, Any]) -> None:
        """Whether it counts."""
        judge(actor, record, values["accepted"] == "yes", values["note"])


person_list("duty", "patrols.stamps")
