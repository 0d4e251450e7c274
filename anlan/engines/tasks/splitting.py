"""Issuing school tasks, splitting them among staff, and passing them on to units below (S01.1, P.02)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from anlan.engines.audit.api import SYSTEM, Actor, change, create, create_all
from anlan.engines.messaging.api import Urge, send, urge
from anlan.engines.org.api import OrgUnit, require
from anlan.engines.tasks.assignments import Stage, belongs_to
from anlan.engines.tasks.generating import activate
from anlan.engines.tasks.school_tasks import ISSUE, SchoolTask, SchoolTaskPlan
from anlan.engines.tasks.stepping import must_do, refuse, show_on_desks
from anlan.engines.tasks.traces import Report, traces
from anlan.kernel import clock
from anlan.kernel.errors import Rejected


def issue(
    actor: Actor, plan: SchoolTaskPlan, units: Sequence[OrgUnit] = (), assistants: Sequence[Any] = ()
) -> SchoolTaskPlan:
    """Give a task: to ``units``, or to the plan's person or post. Rejected for units out of scope."""
    if actor.user is not None:
        found = require(actor.user, ISSUE)
        if not plan.issued_by(actor.user) or not all(found.covers(unit.path) for unit in units):
            raise Rejected({"units": "含有不在您管理范围内的单位"})
    if gone := [str(user) for user in assistants if not belongs_to(user, plan.org)]:
        raise Rejected({"assistants": f"不在本单位，或账号已停用：{'、'.join(gone)}"})
    with transaction.atomic():
        create(actor, plan)
        change(actor, plan, {"units": list(units), "assistants": list(assistants)})
        activate(actor, plan)
    return plan


@dataclass(frozen=True)
class Part:
    """One person's share of a task."""

    user: Any
    title: str = ""


def split(actor: Actor, task: SchoolTask, parts: Iterable[Part]) -> list[SchoolTask]:
    """Divide a signed task among staff of the unit; it can be handed in when every part is."""
    wanted = list(parts)
    _check_open(actor, task, "split")
    if gone := [str(part.user) for part in wanted if not belongs_to(part.user, task.org)]:
        raise Rejected({"parts": f"不在本单位，或账号已停用：{'、'.join(gone)}"})
    return _hand_down(actor, task, [(task.org, part.user, part.title) for part in wanted])


def pass_on(actor: Actor, task: SchoolTask, units: Iterable[OrgUnit]) -> list[SchoolTask]:
    """Pass a signed task on to colleges, departments or schools below the unit; their answers roll up."""
    wanted = list(units)
    _check_open(actor, task, "pass_on")
    if not all(unit.path.startswith(task.org.path) and unit != task.org for unit in wanted):
        raise Rejected({"units": "只能分给本单位的下属单位"})
    return _hand_down(actor, task, [(unit, None, "") for unit in wanted])


def _check_open(actor: Actor, task: SchoolTask, verb: str) -> None:
    must_do(actor, task, verb)
    if not task.open or task.accepted_at is None:
        raise refuse(actor, task, verb, "签收以后、办结以前才能分办")


def _hand_down(actor: Actor, task: SchoolTask, wanted: list[tuple[OrgUnit, Any, str]]) -> list[SchoolTask]:
    taken = set(SchoolTask.unguarded.filter(round=task.round_id).values_list("org", "assignee"))
    fresh = [
        SchoolTask(org=unit, assignee=user, part=title, parent=task, round=task.round, due_at=task.due_at)
        for unit, user, title in wanted
        if (unit.pk, user.pk if user else None) not in taken
    ]
    if not fresh:
        raise Rejected({"parts": "请选择还没有分到任务的人员或单位"})
    with transaction.atomic():
        made = create_all(actor, fresh, action="task:split")
        for part in made:
            show_on_desks(part)
            due = part.due_at.astimezone(clock.zone()).strftime("%m-%d %H:%M")
            send(
                "tasks.assigned", part.doers(), part, key=f"part:{part.pk}", context={"count": 1, "due": due}
            )
    return made


@dataclass(frozen=True)
class RolledUp:
    """One part of a task with what was reported last."""

    part: SchoolTask
    report: Report | None


def rolled_up(task: SchoolTask) -> list[RolledUp]:
    """The parts of a task with their answers, for whoever may see the task."""
    parts = task.parts.select_related("org", "assignee", "round__plan__org").order_by("pk")
    return [RolledUp(part, traces(Report, part).last()) for part in parts]


def urge_unsigned() -> int:
    """Urge once every task that nobody signed for within its limit; returns how many."""
    urged = Urge.objects.filter(model=SchoolTask._meta.label_lower, object_id=OuterRef("pk"))
    rows = SchoolTask.unguarded.filter(
        ~Exists(urged),
        state=Stage.PENDING,
        accepted_at=None,
        archived_at=None,
        round__plan__sign_hours__isnull=False,
    )
    late = [task for task in rows.select_related("round__plan", "org") if _sign_limit_passed(task)]
    for task in late:
        if people := task.doers():
            urge(SYSTEM, task, people, note="请尽快签收。")
    return len(late)


def _sign_limit_passed(task: SchoolTask) -> bool:
    waited = clock.now() - task.created_at
    return bool(waited.total_seconds() > task.plan.sign_hours * 3600)
