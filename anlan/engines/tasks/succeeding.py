"""Everything open on one person's desk passes to a successor (S05.2), or off it when the person leaves (X.23)."""

from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Q

from anlan.engines.audit.api import Actor, log
from anlan.engines.org.api import OrgUnit
from anlan.engines.tasks.assignments import OPEN, Assignment, Stage
from anlan.engines.tasks.passing import pass_on
from anlan.engines.tasks.stepping import step
from anlan.engines.tasks.todos import Todo
from anlan.kernel import clock
from anlan.kernel.errors import Refusal


def _kinds() -> list[type[Assignment]]:
    return [model for model in apps.get_models() if issubclass(model, Assignment)]


@transaction.atomic
def succeed(actor: Actor, unit: OrgUnit, former: Any, successor: Any, reason: str) -> tuple[int, list[str]]:
    """Pass the open tasks and matters of ``former`` at a unit to ``successor``; how many went, and the titles of
    those that cannot pass (a duty only the former can do) and stay where they are.
    """
    passed, kept = 0, list[str]()
    for model in _kinds():
        rows = model.objects.unscoped().filter(assignee=former, org=unit, state__in=OPEN, archived_at=None)
        for assignment in rows.order_by("pk"):
            try:
                with transaction.atomic():
                    pass_on(actor, assignment, successor, reason)
                passed += 1
            except Refusal:
                kept.append(str(assignment))
    labels = [model._meta.label_lower for model in _kinds()]
    matters = Todo.objects.filter(user=former, org=unit, closed_at=None).exclude(model__in=labels)
    for matter in matters:
        taken = Todo.objects.filter(
            model=matter.model, object_id=matter.object_id, kind=matter.kind, user=successor, closed_at=None
        )
        if not taken.exists():
            Todo.objects.filter(pk=matter.pk).update(user=successor)
            passed += 1
    log(actor, "tasks.succeed", unit, reason=reason, after={"passed": passed, "kept": len(kept)})
    return passed, kept


@transaction.atomic
def hand_in(actor: Actor, unit: OrgUnit, former: Any, successor: Any, reason: str) -> int:
    """Clear the desk of an account that ends: at its unit to a successor, if there is one, the rest back to the
    duty of the unit or, where none is on duty, to who issued it; how many tasks went back.
    """
    if successor is not None:
        succeed(actor, unit, former, successor, reason)
    back = 0
    for model in _kinds():
        rows = model.objects.unscoped().filter(assignee=former, state__in=OPEN, archived_at=None)
        for assignment in rows.order_by("pk"):
            _give_back(actor, assignment)
            back += 1
    Todo.objects.filter(user=former, closed_at=None).update(closed_at=clock.now(), closed_by=actor.user)
    return back


def _give_back(actor: Actor, assignment: Assignment) -> None:
    """Nobody's by name any more; called off where the unit has the same task already."""
    values = {"assignee": None, "state": Stage.PENDING, "accepted_at": None, "accepted_by": None}
    still, why = Q(state__in=OPEN), "任务已经结束"
    rows = type(assignment).unguarded.filter(round=assignment.round, org=assignment.org, assignee=None)  # type: ignore[attr-defined,misc]
    if rows.exists():
        values = {"state": Stage.CANCELLED}
    step(actor, assignment, "give_back", values, expect=still, why=why)
