"""From a failed item to a hazard: created once, linked both ways, pictures carried over (D01.4, D01.13, D01.15)."""

from typing import Any

from django.db import transaction

from anlan.base.teams import may_raise_hazards
from anlan.domains.safety.hazards import Grade, Hazard
from anlan.domains.safety.inspecting import task_of
from anlan.domains.safety.inspection import PURPOSE, InspectionTask
from anlan.domains.safety.risks import RiskCategory, categories_at
from anlan.engines.audit.api import Actor, Written, create
from anlan.engines.files.api import Attachment, attachments_of, carry_over
from anlan.engines.forms.api import Answer, Response, Submitted
from anlan.engines.messaging.api import declare_event, holders, send
from anlan.engines.org.api import scope
from anlan.kernel import events
from anlan.kernel.errors import Conflict, Forbidden

declare_event(
    "safety.inspection.found",
    "hazard",
    "检查发现 {count} 条隐患",
    "{record}，请登录查看。",
    channels="sms wechat",
)


def entitled_to_raise(user: Any, task: InspectionTask) -> bool:
    """Team members with the hazard switch for this school, and whoever may enter hazards there."""
    return may_raise_hazards(user, task.org) or scope(user, "safety.hazards.add").covers(task.org.path)


def key_of(answer: Answer) -> str:
    """What makes a finding one hazard only."""
    return f"answer:{answer.uid}"


def hazards_of(task: InspectionTask) -> list[Hazard]:
    """Hazards raised from the task, in order of the questions."""
    if task.response is None:
        return []
    keys = [key_of(answer) for answer in task.response.answers.filter(verdict="fail")]
    return list(Hazard.objects.unscoped().filter(source_key__in=keys).order_by("pk"))


@events.on(Submitted)
def raise_from_failed(event: Submitted) -> None:
    """In a mode that raises hazards every failed item becomes one, and the school is told once."""
    if event.response.purpose != PURPOSE or not event.failed:
        return
    task = task_of(event.response)
    if task is None or not task.round.plan.mode.raises_hazards or not entitled_to_raise(task.assignee, task):
        return
    for answer in event.failed:
        _hazard_from(event.actor, task, answer)
    people = holders(task.org, permission="safety.hazards.submit", at_unit=True)
    send(
        "safety.inspection.found", people, task, key=f"found:{task.pk}", context={"count": len(event.failed)}
    )


@transaction.atomic
def raise_one(actor: Actor, task: InspectionTask, answer: Answer) -> Hazard:
    """On the inspector's decision: Forbidden without the hazard right, Conflict for an item that passed."""
    if not entitled_to_raise(actor.user, task):
        raise Forbidden("safety.hazards.add")
    if answer.verdict != "fail" or answer.response_id != task.response_id:
        raise Conflict("这一项没有判为不合格")
    return _hazard_from(actor, task, answer)


def _hazard_from(actor: Actor, task: InspectionTask, answer: Answer) -> Hazard:
    earlier = Hazard.objects.unscoped().filter(source_key=key_of(answer)).first()
    if earlier is not None:
        return earlier
    question = answer.response.form_version.form().by_uid()[answer.question]
    mode = task.round.plan.mode
    hazard = create(
        actor,
        Hazard(
            org=task.org,
            title=(answer.note or question.text)[:120],
            detail=f"{question.text}\n{answer.note}".strip(),
            category=_category(task, question.hazard_category),
            grade=question.hazard_grade if question.hazard_grade in Grade.values else "",
            source=mode.source,
            source_key=key_of(answer),
            source_url=task.get_absolute_url(),
            found_at=min(answer.at, task.submitted_at or answer.at),
            reporter=task.assignee.name if task.assignee else "",
            reported_up=task.round.plan.org_id != task.org_id,
        ),
    )
    _carry_photos(actor, answer.response, answer, hazard)
    return hazard


def _category(task: InspectionTask, code: str) -> RiskCategory:
    return categories_at(task.org).filter(code=code).first() or task.round.plan.mode.category


def _carry_photos(actor: Actor, response: Response, answer: Answer, hazard: Hazard) -> None:
    carry_over(
        actor, [one for one in attachments_of(response) if str(one.uid) in answer.photos], hazard, "before"
    )


@events.on(Written)
def carry_late_photo(event: Written) -> None:
    """A picture that arrives after its answers follows to the hazard made of them."""
    photo = event.record
    if not isinstance(photo, Attachment) or event.action != "attach" or photo.model != "forms.response":
        return
    response = Response.objects.unscoped().filter(pk=photo.object_id, purpose=PURPOSE).first()
    for answer in response.answers.filter(verdict="fail") if response else ():
        hazard = Hazard.objects.unscoped().filter(source_key=key_of(answer), archived_at=None).first()
        if hazard and str(photo.uid) in answer.photos:
            carry_over(event.actor, [photo], hazard, "before")
