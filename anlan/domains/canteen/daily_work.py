"""Daily checks of canteens: issued every day, filled in once, missed when the day is over (D10.7)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from anlan.base.looking import Said, look
from anlan.domains.canteen.canteens import Canteen
from anlan.domains.canteen.control import over
from anlan.domains.canteen.daily import (
    DAILY,
    DONE,
    FILL,
    INSPECT,
    MISSED,
    OPEN,
    SKIPPED,
    DailyCheck,
    DailyPlan,
    is_day_of,
)
from anlan.domains.canteen.meals import serves
from anlan.engines.audit.api import SYSTEM, Actor, Written, archive, change, create_all
from anlan.engines.org.api import scope
from anlan.engines.registry.api import ledgers
from anlan.engines.tasks.api import Job, Todo, background, close_todos, declare_periodic, open_todos
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Rejected

KIND, CANTEENS = "canteen.daily", "canteen.canteens"


def issue(plan: DailyPlan, day: date) -> list[DailyCheck]:
    """The rows of a plan for a day that are not there yet, put on the desks of those who check.

    A plan of several days leaves out a day on which none of its canteens cooks.
    """
    if not is_day_of(plan, day):
        return []
    known = set(plan.checks.filter(day=day).values_list("canteen", flat=True))
    rows = [_row(plan, canteen, day) for canteen in plan.covered() if canteen.pk not in known]
    resting = all(row.state == SKIPPED for row in rows)
    if resting and not known and plan.first != plan.last:
        return []
    try:
        with transaction.atomic():
            create_all(SYSTEM, rows)
            open_todos(_todo(row) for row in rows if row.state == OPEN)
    except IntegrityError:  # another worker was first
        return []
    return rows


def _row(plan: DailyPlan, canteen: Canteen, day: date) -> DailyCheck:
    why = _why_not(plan, canteen, day)
    return DailyCheck(
        org=canteen.org, plan=plan, canteen=canteen, day=day, inspector=plan.inspector, due_at=over(day),
        state=SKIPPED if why else OPEN, note=why,
    )  # fmt: skip


def _why_not(plan: DailyPlan, canteen: Canteen, day: date) -> str:
    if canteen.closed(day):
        return "食堂已停用，不检查"
    if not serves(canteen, day):
        return "食堂当天不供餐，不检查"
    if plan.inspector and not scope(plan.inspector, INSPECT).covers(canteen.org.path):
        return f"{plan.inspector}不负责这所学校，没有派出"
    return ""


def _todo(row: DailyCheck) -> Todo:
    right = "" if row.inspector else FILL
    return Todo(
        kind=KIND, title=str(row), verb="填写检查", url=row.get_absolute_url(),
        model=row._meta.label_lower, object_id=row.pk, org=row.org, user=row.inspector, permission=right,
        due_at=row.due_at,
    )  # fmt: skip


@transaction.atomic
def fill(actor: Actor, row: DailyCheck, said: Said) -> DailyCheck:
    """Write down what was found in the canteen; failed items become a hazard.

    Rejected for another inspector, a closed canteen and a time of another day; Conflict when it was done meanwhile.
    """
    if row.inspector_id and row.inspector_id != getattr(actor.user, "pk", None):
        raise Rejected({"": f"这项检查派给了{row.inspector}"})
    if row.canteen.closed(row.day):
        raise Rejected({"": "食堂已停用，不检查"})
    if said.at.astimezone(clock.zone()).date() != row.day:
        raise Rejected({"at": f"要填写 {row.day:%m月%d日} 当天的检查时间"})
    said = replace(said, source="routine" if row.inspector_id else "self")
    made = look(actor, ledgers[CANTEENS], row.canteen, said, DAILY)
    change(actor, row, {"state": DONE, "check_made": made}, action="fill", expect=Q(state=OPEN))
    close_todos(row, actor.user)
    return row


def close_over() -> int:
    """Rows whose day is over: missed, or skipped where the canteen was closed meanwhile; how many."""
    rows = DailyCheck.objects.unscoped().filter(state=OPEN, due_at__lte=clock.now(), archived_at=None)
    return sum(_close(row) for row in rows.select_related("canteen", "org"))


def _close(row: DailyCheck) -> int:
    closed = row.canteen.closed(row.day)
    said = {"state": SKIPPED, "note": "食堂已停用，不检查"} if closed else {"state": MISSED}
    try:
        with transaction.atomic():
            change(SYSTEM, row, said, action="close", expect=Q(state=OPEN))
            close_todos(row)
    except Conflict:  # filled in at the same moment
        return 0
    return 1


def running(day: date) -> Iterator[DailyPlan]:
    """Plans of the day."""
    rows = DailyPlan.objects.unscoped().filter(first__lte=day, last__gte=day, archived_at=None)
    yield from rows.select_related("org", "inspector")


@background("食堂日常检查")
def daily_round(job: Job) -> dict[str, Any]:
    """The rows of today, and the end of those of days past."""
    today = clock.today()
    return {"issued": sum(len(issue(plan, today)) for plan in running(today)), "closed": close_over()}


declare_periodic("canteen.daily", "20 0,5 * * *", daily_round)


@events.on(Written)
def follow(event: Written) -> None:
    """Handler: a plan that begins today is issued at once; one that is archived takes its open rows with it."""
    plan = event.record
    if not isinstance(plan, DailyPlan):
        return
    if plan.archived_at is None:
        issue(plan, clock.today())
        return
    for row in DailyCheck.objects.unscoped().filter(plan=plan, state=OPEN, archived_at=None):
        archive(event.actor, row)
        close_todos(row, event.actor.user)
