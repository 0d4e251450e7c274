"""Who sets a zone up on a day, and their word that it stands (N1.12)."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from anlan.base.people import Person
from anlan.domains.alarms.peak_days import DONE, OPEN, PeakDay
from anlan.engines.audit.api import Actor, change
from anlan.engines.org.api import declare_permission, scope
from anlan.engines.tasks.api import Todo, close_todos, open_todos
from anlan.kernel import clock
from anlan.kernel.errors import Rejected

KIND = "alarms.peak"
CONFIRM = declare_permission(
    "alarms.peak_days.confirm", "上下学隔离区：确认布设", ("school_head", "school_safety", "guard", "staff")
).code
ARRANGE = declare_permission(
    "alarms.peak_days.arrange", "上下学隔离区：安排人员、接收提醒", ("school_head", "school_safety")
).code


@transaction.atomic
def assign(actor: Actor, row: PeakDay, people: list[Person]) -> PeakDay:
    """Name who stands there that day; their desks follow. Rejected for people of another school or gone."""
    if any(one.org_id != row.org_id or one.archived_at for one in people):
        raise Rejected({"staff": "只能选本校在岗人员"})
    change(actor, row, {"staff": people}, action="assign", expect=Q(state=OPEN))
    close_todos(row, actor.user)
    accounts = [one.account for one in people if one.account is not None]
    open_todos(_todo(row, account) for account in accounts)
    if not accounts:
        open_todos([_todo(row, None)])
    return row


def _todo(row: PeakDay, account: Any) -> Todo:
    return Todo(
        kind=KIND, title=f"{row.zone} {row.day:%m-%d} 布设隔离区", verb="确认布设", url=row.get_absolute_url(),
        model=row._meta.label_lower, object_id=row.pk, org=row.org, user=account,
        permission="" if account else ARRANGE, due_at=row.ends_at,
    )  # fmt: skip


@transaction.atomic
def confirm(actor: Actor, row: PeakDay, note: str = "") -> PeakDay:
    """Set up, by somebody named for it or who arranges it; Rejected before it begins and once it is over."""
    now = clock.now()
    if now < row.begins_at:
        raise Rejected({"": f"{begins_shown(row)} 才开始，不能提前确认"})
    if now >= row.ends_at:
        raise Rejected({"": "这个时段已经结束，按未完成记录"})
    named = row.staff.filter(account=actor.user).exists()
    if not named and not scope(actor.user, ARRANGE).covers(row.org.path):
        raise Rejected({"": "只有这个时段的值守人员和学校安全管理员可以确认"})
    said = {"state": DONE, "done_at": now, "done_by": actor.name, "note": note}
    change(actor, row, said, action="confirm", expect=Q(state=OPEN))
    close_todos(row, actor.user)
    return row


def begins_shown(row: PeakDay) -> str:
    """Day and time at which it begins."""
    return f"{row.begins_at.astimezone(clock.zone()):%m-%d %H:%M}"
