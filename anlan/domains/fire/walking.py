"""The walks of each day: begun, judged by what was checked, missed when their time is over (D14.2)."""

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from anlan.base.models import SpotCheck
from anlan.base.people import PersonLeft
from anlan.domains.fire.points import DEVICES, PLACES, points_of
from anlan.domains.fire.rounds import DONE, MISSED, MONTH, OPEN, Round, Walk, walker_of
from anlan.engines.audit.api import SYSTEM, Written, archive, change, create_all
from anlan.engines.messaging.api import declare_event, holders_at, send
from anlan.engines.tasks.api import Job, background, declare_periodic
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict

LOOK_BACK = timedelta(days=31)
declare_event(
    "fire.missed",
    "task",
    "消防巡查漏查：{record}",
    "{school}{day}由{person}负责的巡查，{points} 个点位只查了 {seen} 个。",
    channels="wechat",
)


def begin_walks(plans: Any = None) -> int:
    """Make the walks that are wanted up to today and not there yet, also of days on which nobody ran this."""
    rows = Round.objects.unscoped() if plans is None else plans
    rows = rows.filter(archived_at=None).select_related("walker__account", "org")
    return sum(len(_begin(plan)) for plan in rows)


def _begin(plan: Round) -> list[Walk]:
    known = set(plan.walks.filter(day__gte=clock.today() - LOOK_BACK).values_list("day", flat=True))
    person, account = walker_of(plan)
    fresh = []
    for day in _days(plan):
        begin, end = plan.span(day)
        walk = Walk(org=plan.org, round=plan, kind=plan.kind, day=day, begins_at=begin, ends_at=end)
        walk.person, walk.account = person, account
        walk.points = len(points_of(walk)) if day not in known else 0
        if walk.points:
            fresh.append(walk)
    try:
        return create_all(SYSTEM, fresh)
    except IntegrityError:  # another worker was first
        return []


def _days(plan: Round) -> list[date]:
    """Days on which a walk begins, none that was over before the round was laid down."""
    today, since = clock.today(), plan.created_at.astimezone(clock.zone())
    first = max(since.date().replace(day=1) if plan.kind == MONTH else since.date(), today - LOOK_BACK)
    days = (first + timedelta(days=n) for n in range((today - first).days + 1))
    return [day for day in days if plan.begins_on(day) and plan.span(day)[1] > since]


@transaction.atomic
def judge(walk: Walk) -> Walk:
    """Count what was checked; a walk is done with its last point, and missed when its time is over before that."""
    points = points_of(walk)
    if not points:  # nothing of it is in use any more
        return archive(SYSTEM, walk)
    seen, was = sum(point.check is not None for point in points), walk.result
    over = MISSED if walk.ends_at <= clock.now() else OPEN
    said = {"points": len(points), "seen": seen, "result": DONE if seen == len(points) else over}
    change(SYSTEM, walk, said, action="judge")
    if walk.result == MISSED and was == OPEN:
        _tell(walk)
    return walk


def _tell(walk: Walk) -> None:
    said = {
        "school": str(walk.org),
        "day": f"{walk.day:%m月%d日}",
        "person": str(walk.person or "（未安排）"),
    }
    counted = {"points": walk.points, "seen": walk.seen}
    people = holders_at([walk.org], "fire.rounds.edit")
    send("fire.missed", people, walk, key=f"fire.missed:{walk.pk}", context=said | counted)


def close_walks() -> int:
    """Judge the walks whose time is over; how many."""
    over = Walk.objects.unscoped().filter(result=OPEN, ends_at__lte=clock.now(), archived_at=None)
    return sum(_close(walk) for walk in over.select_related("round", "org", "person"))


def _close(walk: Walk) -> int:
    try:
        judge(walk)
    except Conflict:  # judged at the same moment by a check that came in
        return 0
    return 1


@background("消防巡查")
def look_after_walks(job: Job) -> dict[str, Any]:
    """The round of every ten minutes: nothing is lost when one of them fails."""
    return {"begun": begin_walks(), "closed": close_walks()}


declare_periodic("fire.walks", "*/10 * * * *", look_after_walks)


@events.on(Written)
def follow(event: Written) -> None:
    """Handler: a new round begins today; a check counts for the walks it falls into, also when it comes in late."""
    row = event.record
    if isinstance(row, Round) and event.action in ("create", "change") and not event.together:
        begin_walks(Round.objects.unscoped().filter(pk=row.pk))
    if isinstance(row, SpotCheck) and event.action == "create" and row.ledger in (PLACES, DEVICES):
        walks = Walk.objects.unscoped().filter(
            org=row.org_id, begins_at__lte=row.minute, ends_at__gt=row.minute, archived_at=None
        )
        for walk in walks.exclude(result=DONE).select_related("round", "org", "person"):
            judge(walk)


@events.on(PersonLeft)
def hand_on_walks(event: PersonLeft) -> None:
    """Handler: a walk that is not over goes to whoever walks the round now."""
    going = Walk.objects.unscoped().filter(person=event.person, result=OPEN, ends_at__gt=clock.now())
    for walk in going.filter(archived_at=None).select_related("round__walker__account", "org"):
        person, account = walker_of(walk.round)
        change(event.actor, walk, {"person": person, "account": account})
