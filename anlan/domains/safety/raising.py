"""From a finding to a hazard: once, linked both ways, pictures carried over (D01.4, D01.13, D01.15)."""

from typing import Any

from django.db import transaction

from anlan.base.teams import may_raise_hazards
from anlan.domains.safety.findings import Finding
from anlan.domains.safety.gathering import findings_of
from anlan.domains.safety.hazards import Grade, Hazard
from anlan.domains.safety.inspecting import task_of
from anlan.domains.safety.inspection import PURPOSE, InspectionTask
from anlan.domains.safety.intake import category_at, file_hazard
from anlan.engines.audit.api import Actor, Written, change, log
from anlan.engines.files.api import Attachment, attachments_of, carry_over
from anlan.engines.forms.api import Submitted
from anlan.engines.messaging.api import declare_event, holders, send
from anlan.engines.org.api import scope
from anlan.kernel import events
from anlan.kernel.errors import Conflict, Forbidden

RAISE = "safety.hazards.add"
declare_event(
    "safety.inspection.found",
    "hazard",
    "检查发现 {count} 条隐患",
    "{record}，请登录查看。",
    channels="sms wechat",
)


def entitled_to_raise(user: Any, task: InspectionTask) -> bool:
    """Team members with the hazard switch for this school, and whoever may enter hazards there."""
    return may_raise_hazards(user, task.org) or scope(user, RAISE).covers(task.org.path)


@events.on(Submitted)
def raise_from_failed(event: Submitted) -> None:
    """In a mode that raises hazards every finding becomes one, and the school is told once."""
    if event.response.purpose != PURPOSE or not event.failed:
        return
    task = task_of(event.response)
    if task is None or not task.round.plan.mode.raises_hazards or not entitled_to_raise(task.assignee, task):
        return
    fresh = [finding for finding in findings_of(task) if finding.hazard is None]
    for finding in fresh:
        _hazard_from(event.actor, finding)
    if fresh:
        _tell(task, f"found:{task.pk}:{fresh[0].pk}", len(fresh))


def raise_one(actor: Actor, finding: Finding, grade: str = "") -> Hazard:
    """On the inspector's decision: Forbidden (audited) without the hazard right, Conflict for what passes now."""
    if not entitled_to_raise(actor.user, finding.task):
        log(actor, "refused:raise", finding, succeeded=False)
        raise Forbidden(RAISE)
    if finding.archived_at is not None:
        raise Conflict("这一项已改判为合格")
    if finding.hazard is not None:
        return finding.hazard
    with transaction.atomic():
        hazard = _hazard_from(actor, finding, grade)
        _tell(finding.task, f"found:{finding.task_id}:{finding.pk}", 1)
    return hazard


def _tell(task: InspectionTask, key: str, count: int) -> None:
    people = holders(task.org, permission="safety.hazards.submit", at_unit=True)
    send("safety.inspection.found", people, task, key=key, context={"count": count})


def _hazard_from(actor: Actor, finding: Finding, grade: str = "") -> Hazard:
    """The hazard of a finding, with its pictures; the one made before where there is one."""
    task = finding.task
    plan = task.round.plan
    question = task.form_version.form().by_uid()[finding.question]  # type: ignore[union-attr]
    hazard = Hazard(
        org=task.org,
        title=(finding.note or finding.wording)[:120],
        detail=f"{finding.wording}\n{finding.note}".strip(),
        category=category_at(task.org, question.hazard_category) or plan.category or plan.mode.category,
        grade=grade or (question.hazard_grade if question.hazard_grade in Grade.values else ""),
        source=plan.mode.source,
        source_key=finding.key,
        source_url=task.get_absolute_url(),
        found_at=finding.found_at,
        reporter=task.assignee.name if task.assignee else "",
        reported_up=plan.org_id != task.org_id,
    )
    stored = file_hazard(actor, hazard, _pictures(task, finding))
    change(actor, finding, {"hazard": stored}, action="raise")
    return stored


def _pictures(task: InspectionTask, finding: Finding) -> list[Attachment]:
    if task.response is None:
        return []
    return [one for one in attachments_of(task.response) if str(one.uid) in finding.photos]


@events.on(Written)
def carry_late_photo(event: Written) -> None:
    """A picture that arrives after its answers follows to the hazard made of them."""
    photo = event.record
    if not isinstance(photo, Attachment) or event.action != "attach" or photo.model != "forms.response":
        return
    rows = Finding.objects.unscoped().filter(
        task__response=photo.object_id, task__response__purpose=PURPOSE, hazard__archived_at=None
    )
    for finding in rows.exclude(hazard=None).select_related("hazard"):
        if str(photo.uid) in finding.photos and finding.hazard is not None:
            carry_over(event.actor, [photo], finding.hazard, "before")
