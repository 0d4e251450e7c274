"""Everything open on one person's desk passes to a successor (S05.2)."""

from typing import Any

from django.apps import apps
from django.db import transaction

from anlan.engines.audit.api import Actor, log
from anlan.engines.org.api import OrgUnit
from anlan.engines.tasks.assignments import OPEN, Assignment
from anlan.engines.tasks.passing import pass_on
from anlan.engines.tasks.todos import Todo
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
