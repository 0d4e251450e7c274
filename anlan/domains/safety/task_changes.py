"""Changing a task that nobody has handed in: inspector, deadline, form (D01.8)."""

from typing import Any

from django.db import transaction
from django.db.models import Q

from anlan.domains.safety.inspection import ISSUE, InspectionTask
from anlan.engines.audit.api import Actor, change, log
from anlan.engines.org.api import scope
from anlan.engines.tasks.api import Stage, show_on_desks, transfer
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Rejected


def change_task(actor: Actor, task: InspectionTask, values: dict[str, Any]) -> InspectionTask:
    """Give the task to somebody else, move its deadline, or before it is begun take another form.

    Rejected for a deadline gone by; Conflict (audited) once results were handed in, or for another form of a task
    already begun.
    """
    if actor.user is not None and not scope(actor.user, ISSUE).covers(task.round.plan.org.path):
        raise Forbidden(ISSUE)
    wanted, due = values["form"], values["due_at"]
    renewed = task.form_version is None or wanted.pk != task.form_version.definition_id
    if not task.open or (renewed and task.response_id is not None):
        log(actor, "refused:change", task, succeeded=False)
        raise Conflict("已经有检查结果，不能再改" if not task.open else "已开始填写，不能换检查表")
    if due != task.due_at and due <= clock.now():
        raise Rejected({"due_at": "期限要晚于现在"})
    written = {"due_at": due} | ({"form_version": wanted.version_in_use} if renewed else {})
    with transaction.atomic():
        change(actor, task, written, expect=Q(state__in=(Stage.PENDING, Stage.DOING)))
        show_on_desks(task, actor.user)
        if values["assignee"].pk != task.assignee_id:
            transfer(actor, task, values["assignee"], values["reason"])
    return task
