"""How an alarm is handled: taken charge of, judged with a reason, closed; the clock calls until then (N1.14, N1.15)."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from anlan.base.happening import Happened, Recorded
from anlan.domains.alarms.alarms import Alarm
from anlan.domains.alarms.calling import call_out
from anlan.engines.audit.api import change
from anlan.engines.tasks.api import Job, background, declare_periodic
from anlan.engines.workflow.api import Moved, Workflow, back, doing, done, idle, move
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict

SCHOOL = "school_safety school_head guard"
EAGER, OFTEN, RARELY = 10, timedelta(minutes=1), timedelta(minutes=10)


class AlarmFlow(Workflow):
    """Stored alarms (disarmed, tests) rest; people may still raise them."""

    code = "alarms.alarms"
    title = "报警处置"
    model = Alarm
    states = {
        "heard": idle("仅记录"),
        "open": back("待接警"),
        "taken": doing("处置中"),
        "closed": done("已办结"),
    }
    initial, final = "heard", "heard closed"

    call = move("按报警处理", "heard", "open", by="school_safety school_head", duty=False, outlined=True)
    take = move("接警", "open", "taken", by=f"{SCHOOL} bureau_safety team_admin")
    close = move(
        "办结", "taken", "closed", by=f"{SCHOOL} bureau_safety", needs="judgement reason", takes="action"
    )


@events.on(Moved)
def open_emergency(event: Moved) -> None:
    """A real press of a panic button is an emergency of its school from the first second."""
    alarm = event.record
    if isinstance(alarm, Alarm) and alarm.kind == Alarm.Kind.PANIC and event.move.name == "call":
        where = alarm.place or alarm.device_title
        course = f"{alarm.device_title}被按下，正在呼叫学校安保、指挥中心和公安机关。"
        events.publish(Happened(event.actor, alarm, f"一键报警：{where}", course, alarm.at, where))


@events.on(Recorded)
def link_incident(event: Recorded) -> None:
    """The alarm leads to the record of the emergency."""
    if isinstance(event.record, Alarm):
        change(event.actor, event.record, {"incident_url": event.url}, action="incident")


def call_again() -> int:
    """Call for every panic alarm that nobody took charge of: each minute at first, later every ten; how many."""
    now = clock.now()
    due = Q(calls__lt=EAGER, called_at__lte=now - OFTEN) | Q(called_at__lte=now - RARELY)
    rows = Alarm.objects.unscoped().filter(due, state="open", kind=Alarm.Kind.PANIC, archived_at=None)
    return sum(_again(row) for row in rows.select_related("org", "zone"))


def _again(alarm: Alarm) -> bool:
    try:
        with transaction.atomic():
            call_out(alarm)
    except Conflict:
        return False
    return True


@background("呼叫无人接警的一键报警")
def call_unanswered(job: Job) -> dict[str, Any]:
    """The round of every minute."""
    return {"called": call_again()}


declare_periodic("alarms.calls", "* * * * *", call_unanswered)
