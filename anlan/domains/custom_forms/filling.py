"""A school fills its form in: opened once, handed in once, sent back with a reason; every version handed in is kept."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from anlan.domains.custom_forms.plans import DUTY, ISSUE, VIEW, Collection, CollectionPlan
from anlan.engines.audit.api import Actor, change
from anlan.engines.forms.api import (
    FormDefinition,
    FormVersion,
    Response,
    Submitted,
    begin,
    declare_purpose,
    register_version_reader,
    reopen,
)
from anlan.engines.messaging.api import declare_event, send
from anlan.engines.org.api import require, scope
from anlan.engines.tasks.api import (
    Stage,
    Stepped,
    accept,
    activate,
    return_,
    start,
    submit,
    urge_assignment,
)
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Forbidden, Refusal, Rejected

PURPOSE = "collection"
CLOSED = "填报已截止"
declare_event(
    "custom_forms.returned",
    "task",
    "填报被退回：{record}",
    "{reason}。请在{due}前改好重交。",
    channels="sms wechat",
)


def task_of(response: Response) -> Collection | None:
    """The task a response belongs to."""
    rows = Collection.objects.unscoped().select_related("round__plan", "org")
    found: Collection | None = rows.filter(response=response, archived_at=None).first()
    return found


def _may_fill(user: Any, response: Response) -> bool:
    task = task_of(response)
    return task is not None and task.state == Stage.DOING and not task.closed


def _page(response: Response) -> str:
    task = task_of(response)
    return task.get_absolute_url() if task else ""


declare_purpose(PURPOSE, "数据填报", view=VIEW, fill=DUTY, may_fill=_may_fill, page=_page)


@register_version_reader
def version_of_own_task(user: Any, version: FormVersion) -> bool:
    """A school may read the form it is asked to fill in."""
    found = scope(user, DUTY)
    rows = Collection.objects.unscoped().filter(found.condition(), round__plan__form_version=version)
    return bool(found) and bool(rows.exists())


def choose(actor: Actor, plan: CollectionPlan, said: dict[str, Any]) -> CollectionPlan:
    """Fix which schools are asked. Rejected for units outside the scope, or none at all."""
    found = require(actor.user, ISSUE)
    named, towns = list(said.get("named") or ()), list(said.get("towns") or ())
    if not found.covers(plan.org.path) or not all(found.covers(unit.path) for unit in (*named, *towns)):
        raise Rejected({"named": "含有不在您管理范围内的单位"})
    chosen = {
        "whole": bool(said.get("whole")),
        "kinds": list(said.get("kinds") or ()),
        "towns": [unit.pk for unit in towns],
        "named": [unit.pk for unit in named],
    }
    if not any(chosen.values()):
        raise Rejected({"": "没有选到任何学校"})
    return change(actor, plan, {"audience_said": chosen, "named": named}, action="choose")


@transaction.atomic
def issue(actor: Actor, plan: CollectionPlan) -> CollectionPlan:
    """Put a draft into force under the form's version of this moment; every school gets its task."""
    if not require(actor.user, ISSUE).covers(plan.org.path):
        raise Forbidden(ISSUE)
    if plan.state != CollectionPlan.State.DRAFT:
        raise Conflict("已经下发")
    definition: FormDefinition = plan.form
    version = definition.version_in_use
    if version is None:
        raise Rejected({"form": "这张表已停用，请换一张"})
    if not plan.units().exists():
        raise Rejected({"": "请先选择学校"})
    change(actor, plan, {"form_version": version}, action="fix_version")
    activate(actor, plan)
    return plan


def open_sheet(actor: Actor, task: Collection) -> Response:
    """The school's sheet; the first call accepts and starts the task and begins the response."""
    if task.state == Stage.CANCELLED:
        raise Conflict("这项填报已撤回")
    if task.closed:
        raise Conflict(CLOSED)
    if task.response is not None:
        return task.response
    if task.plan.form_version is None:
        raise Conflict("这项填报没有表单")
    with transaction.atomic():
        if task.state == Stage.PENDING and task.accepted_at is None:
            accept(actor, task)
        if task.state == Stage.PENDING:
            start(actor, task)
        response = begin(actor, task.plan.form_version, task.org, PURPOSE)
        change(actor, task, {"response": response}, action="begin", expect=Q(response=None))
    return response


@events.on(Submitted)
def complete_task(event: Submitted) -> None:
    """Handing in the sheet completes the task, in the same transaction; what was said is kept with the report."""
    if event.response.purpose != PURPOSE:
        return
    task = task_of(event.response)
    if task is None or task.state != Stage.DOING:
        raise Conflict("这项填报已撤回或已提交")
    if task.closed:
        raise Conflict(CLOSED)
    said = {row.question: row.value for row in event.response.answers.filter(day__isnull=False)}
    submit(event.actor, task, {"answers": said})


def send_back(actor: Actor, task: Collection, reason: str, due_at: datetime | None = None) -> Collection:
    """A handed-in sheet goes back with the reason; what was handed in stays readable."""
    if due_at is not None and due_at <= clock.now():
        raise Rejected({"due_at": "新期限要晚于现在"})
    return return_(actor, task, reason, due_at)


@events.on(Stepped)
def reopen_with_task(event: Stepped) -> None:
    """A returned task opens its sheet again, and the school is told why."""
    task = event.assignment
    if not isinstance(task, Collection) or event.verb != "return" or task.response is None:
        return
    reopen(event.actor, task.response)
    due = task.due_at.astimezone(clock.zone()).strftime("%m-%d %H:%M")
    context = {"reason": task.return_reason.rstrip("。"), "due": due}
    key = f"custom_forms.returned:{task.pk}:{task.returns}"
    send("custom_forms.returned", task.doers(), task, key=key, context=context)


def urge_open(actor: Actor, plan: CollectionPlan) -> int:
    """Remind every school that has not handed in; those urged just now are passed over. Returns how many."""
    waiting = Collection.objects.unscoped().filter(
        round__plan=plan, state__in=(Stage.PENDING, Stage.DOING), archived_at=None
    )
    urged = sum(_urged(actor, task) for task in waiting.select_related("org", "round__plan__org"))
    if not urged:
        raise Conflict("没有需要催办的学校，或刚刚催过")
    return urged


def _urged(actor: Actor, task: Collection) -> bool:
    try:
        urge_assignment(actor, task, "请尽快填报。")
    except Forbidden:
        raise
    except Refusal:
        return False
    return True
