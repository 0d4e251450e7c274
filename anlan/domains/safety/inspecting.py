"""Carrying out a check: begin, answer, hand in; what the mode demands is checked with it (D01.4, D01.8-D01.10)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from anlan.domains.safety.checkers import DO, may_check
from anlan.domains.safety.inspection import PURPOSE, InspectionTask
from anlan.domains.safety.inspection_modes import InspectionMode
from anlan.engines.audit.api import Actor, change, log
from anlan.engines.forms.api import (
    FormVersion,
    Response,
    Submitted,
    begin,
    declare_purpose,
    register_version_reader,
    reopen,
)
from anlan.engines.tasks.api import Stage, Stepped, accept, start, submit
from anlan.kernel import events
from anlan.kernel.errors import Conflict, Forbidden, Rejected


def task_of(response: Response) -> InspectionTask | None:
    """The task a response belongs to."""
    found: InspectionTask | None = (
        InspectionTask.objects.unscoped()
        .select_related("round__plan__mode", "org")
        .filter(response=response)
        .first()
    )
    return found


def _may_fill(user: Any, response: Response) -> bool:
    task = task_of(response)
    mine = task is not None and task.state == Stage.DOING and task.assignee_id == user.pk
    return mine and may_check(user, response.org)


def _task_page(response: Response) -> str:
    task = task_of(response)
    return task.get_absolute_url() if task else ""


declare_purpose(
    PURPOSE, "安全巡查", view="safety.inspections.view", fill=DO, may_fill=_may_fill, page=_task_page
)


@register_version_reader
def version_of_own_task(user: Any, version: FormVersion) -> bool:
    """An inspector may read the form of an own open task, for work without a network."""
    own = InspectionTask.objects.unscoped().filter(assignee=user, form_version=version)
    return bool(own.filter(state__in=(Stage.PENDING, Stage.DOING)).exists())


def open_sheet(
    actor: Actor, task: InspectionTask, *, uid: UUID | None = None, phone_started_at: datetime | None = None
) -> Response:
    """The task's response; the first call accepts and starts the task and begins the response.

    ``uid`` is the phone's; a response begun before, on another device or by a former inspector, stays the one.
    Forbidden (audited) for a school the person may not check.
    """
    if actor.user is not None and not may_check(actor.user, task.org):
        log(actor, "refused:begin", task, succeeded=False)
        raise Forbidden(DO, "这所学校不在您的检查范围内")
    if task.state == Stage.CANCELLED:
        raise Conflict("这项任务已撤回，您填的内容还在手机里")
    if task.state == Stage.PENDING and task.accepted_at is None:
        accept(actor, task)
    if task.state == Stage.PENDING:
        start(actor, task)
    with transaction.atomic():
        if task.response is None:
            _begin(actor, task, uid, phone_started_at)
        elif task.open and task.response.respondent_id != task.assignee_id:
            change(actor, task.response, {"respondent": task.assignee}, action="take_over")
    return task.response  # type: ignore[return-value]


def _begin(actor: Actor, task: InspectionTask, uid: UUID | None, phone_started_at: datetime | None) -> None:
    if task.form_version is None:
        raise Conflict("这项任务没有检查表")
    version, unit, person = task.form_version, task.org, task.assignee
    response = begin(
        actor, version, unit, PURPOSE, respondent=person, uid=uid, phone_started_at=phone_started_at
    )
    change(actor, task, {"response": response}, action="begin", expect=Q(response=None))


@events.on(Submitted)
def complete_task(event: Submitted) -> None:
    """Handing in the sheet completes the task, in the same transaction; a withdrawn task refuses it."""
    if event.response.purpose != PURPOSE:
        return
    task = task_of(event.response)
    if task is None or task.state != Stage.DOING:
        raise Conflict("这项任务已撤回或已提交，您填的内容还在手机里")
    if lacking := _lacking(task.round.plan.mode, event.response):
        raise Rejected(lacking)
    submit(event.actor, task, {"passed": event.response.passed, "failed": event.response.failed})


def _lacking(mode: InspectionMode, response: Response) -> dict[str, str]:
    faults = {}
    if mode.needs_location and not response.location:
        faults["location"] = "这种巡查要求定位"
    if mode.needs_signature and not response.signature:
        faults["signature"] = "这种巡查要求签名"
    photos = sum(len(answer.photos) for answer in response.answers.all()) if mode.photos else 0
    if photos < mode.photos:
        faults["photos"] = f"这种巡查至少要 {mode.photos} 张照片，还差 {mode.photos - photos} 张"
    return faults


@events.on(Stepped)
def close_sheet_with_task(event: Stepped) -> None:
    """A returned task opens its sheet again."""
    task = event.assignment
    if isinstance(task, InspectionTask) and event.verb == "return" and task.response is not None:
        reopen(event.actor, task.response)
