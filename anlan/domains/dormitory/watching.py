"""What the clock does for dormitories: begins the night, warns of rolls not called, pupils not found, visitors."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from anlan.domains.dormitory.keepers import on_duty
from anlan.domains.dormitory.leaves import Visit, overstayed
from anlan.domains.dormitory.roll_calls import (
    Absence,
    RollCall,
    begin_night,
    escalate,
    inhabited,
    unexplained,
    untaken,
)
from anlan.engines.audit.api import SYSTEM, change
from anlan.engines.messaging.api import declare_event, holders, send
from anlan.engines.tasks.api import Job, background, declare_periodic
from anlan.kernel import clock
from anlan.kernel.errors import Conflict

declare_event(
    "dormitory.untaken",
    "overtime",
    "没有按时晚点名：{record}",
    "{unit}到 {due} 还没有点名。",
    channels="sms wechat",
    urgent=True,
)
declare_event(
    "dormitory.visitor",
    "overtime",
    "宿舍访客超时未离开：{record}",
    "应在 {due} 前离开，还没有登记离开。",
    channels="sms wechat",
    urgent=True,
)


def watch() -> dict[str, int]:
    """Everything that is late now, each told once; returns how many of each."""
    now = clock.now()
    calls = RollCall.objects.unscoped().filter(untaken(), warned_at=None)
    lost = Absence.objects.unscoped().filter(unexplained(), escalated_at=None, escalate_at__lte=now)
    visits = Visit.objects.unscoped().filter(overstayed(), warned_at=None)
    return {
        "untaken": sum(_once(_warn_of_call, row) for row in calls.select_related("building", "org")),
        "missing": sum(_once(escalate, row) for row in lost.select_related("boarder", "org")),
        "visitors": sum(_once(_warn_of_visit, row) for row in visits.select_related("building", "org")),
    }


def _once(tell: Any, row: Any) -> bool:
    """Tell, unless it was settled or told meanwhile."""
    try:
        tell(row)
    except Conflict:
        return False
    return True


def _warn_of_call(call: RollCall) -> None:
    people = [person.account for person in on_duty(call.building, call.night) if person.account]
    _warn("dormitory.untaken", call, call.due_at, Q(taken_at=None), people)


def _warn_of_visit(visit: Visit) -> None:
    night = visit.came_at.astimezone(clock.zone()).date()
    people = [person.account for person in on_duty(visit.building, night) if person.account]
    _warn("dormitory.visitor", visit, visit.leave_by, Q(left_at=None), people)


def _warn(event: str, record: Any, due: Any, expect: Q, people: list[Any]) -> None:
    with transaction.atomic():
        change(SYSTEM, record, {"warned_at": clock.now()}, action="warn", expect=expect)
        told = [*people, *holders(record.org, role="school_safety", at_unit=True)]
        said = {"due": f"{due.astimezone(clock.zone()):%m-%d %H:%M}", "unit": record.org}
        send(event, told, record, key=f"{event}:{record.pk}", context=said)


@background("生成宿舍当晚的晚点名")
def begin_tonight(job: Job) -> dict[str, Any]:
    """The afternoon round."""
    return {"calls": len(begin_night(SYSTEM, clock.today(), inhabited()))}


@background("宿舍晚点名、访客超时提醒")
def watch_now(job: Job) -> dict[str, Any]:
    """The round of every five minutes."""
    return dict(watch())


declare_periodic("dormitory.nights", "0 16 * * *", begin_tonight)
declare_periodic("dormitory.watch", "*/5 * * * *", watch_now)
