"""Every ten minutes: what falls due on school days, what lacks people, what is over (N1.12)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from anlan.base.school_days import SchoolDays
from anlan.domains.alarms.peak_days import MISSED, OPEN, PeakDay, unstaffed
from anlan.domains.alarms.peak_staffing import ARRANGE, assign, begins_shown
from anlan.domains.alarms.peaks import PeakZone
from anlan.engines.audit.api import SYSTEM, Actor, archive, change, create
from anlan.engines.messaging.api import declare_event, holders_at, send
from anlan.engines.tasks.api import Job, background, close_todos, declare_periodic
from anlan.kernel import clock
from anlan.kernel.errors import Conflict

declare_event(
    "alarms.peak_unstaffed", "task", "隔离区没有安排人员：{record}", "{begins} 开始，请尽快安排值守人员。",
    channels="wechat",
)  # fmt: skip
declare_event(
    "alarms.peak_missed", "task", "隔离区没有确认布设：{record}", "{begins} 的时段已结束，没有人确认。",
    channels="wechat",
)  # fmt: skip


def issue(zones: Any = None) -> int:
    """Have a row for today and tomorrow wherever the school teaches, and none elsewhere; how many are new."""
    today = clock.today()
    days = (today, today + timedelta(days=1))
    calendar = SchoolDays(*days)
    rows = PeakZone.objects.unscoped() if zones is None else zones
    made = 0
    for zone in rows.filter(archived_at=None).select_related("org", "entrance").prefetch_related("staff"):
        known = {row.day: row for row in _coming(zone, days)}
        for day in days:
            taught = zone.entrance.closed_on is None and calendar.taught(zone.org, day)
            if taught and day not in known:
                made += _begin(zone, day)
            elif not taught and day in known:
                withdraw(SYSTEM, known[day])
    return made


def _coming(zone: PeakZone, days: Iterable[date]) -> Any:
    return PeakDay.objects.unscoped().filter(zone=zone, day__in=days, archived_at=None)


def _begin(zone: PeakZone, day: date) -> int:
    begins, ends = zone.span(day)
    if ends <= clock.now():
        return 0
    try:
        with transaction.atomic():
            row = create(SYSTEM, PeakDay(org=zone.org, zone=zone, day=day, begins_at=begins, ends_at=ends))
            assign(SYSTEM, row, zone.here())
    except (Conflict, IntegrityError):  # another worker was first
        return 0
    return 1


def close_over() -> int:
    """Rows whose peak is over and that nobody confirmed are missed, and told; how many."""
    rows = PeakDay.objects.unscoped().filter(state=OPEN, ends_at__lte=clock.now(), archived_at=None)
    return sum(_miss(row) for row in rows.select_related("org", "zone__entrance"))


def _miss(row: PeakDay) -> int:
    try:
        with transaction.atomic():
            change(SYSTEM, row, {"state": MISSED}, action="miss", expect=Q(state=OPEN))
            close_todos(row)
            _tell("missed", row)
    except Conflict:  # confirmed at the same moment
        return 0
    return 1


def flag_unstaffed() -> int:
    """Tell the school, once for each row, that nobody is named; how many rows."""
    rows = PeakDay.objects.unscoped().filter(unstaffed()).select_related("org", "zone__entrance")
    for row in rows:
        _tell("unstaffed", row)
    return len(rows)


def _tell(what: str, row: PeakDay) -> None:
    key, said = f"alarms.peak_{what}:{row.pk}", {"begins": begins_shown(row)}
    send(f"alarms.peak_{what}", holders_at([row.org], ARRANGE), row, key=key, context=said)


def withdraw(actor: Actor, row: PeakDay) -> None:
    """A row that has no school day any more, or no zone."""
    if row.state == OPEN:
        archive(actor, row)
        close_todos(row, actor.user)


@background("上下学隔离区")
def peak_round(job: Job) -> dict[str, Any]:
    """Every ten minutes: what falls due, what lacks people, what is over."""
    return {"issued": issue(), "unstaffed": flag_unstaffed(), "missed": close_over()}


declare_periodic("alarms.peaks", "*/10 * * * *", peak_round)
