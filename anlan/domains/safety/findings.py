"""Findings: every failed item of a check, with what became of it (D01.14, D01.15)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.incidents import Incident
from anlan.domains.safety.inspecting import task_of
from anlan.domains.safety.inspection import PURPOSE, InspectionTask, closed_forms
from anlan.domains.safety.notices import Notice
from anlan.engines.audit.api import SYSTEM, Actor, archive, change, create_all
from anlan.engines.forms.api import Answer, Item, Submitted
from anlan.engines.org.api import Record
from anlan.kernel import events

NOTICE_TONES = {"draft": "idle", "waiting": "todo", "published": "done", "recalled": "back"}


class Finding(Record):
    """One failed item of one task at a school (``org``); once per task and question, however often it is sent."""

    OWNER = "found_by"

    task = models.ForeignKey(
        InspectionTask, models.PROTECT, related_name="findings", editable=False, verbose_name="巡查任务"
    )
    question = models.CharField(max_length=36, editable=False)
    wording = models.CharField("检查内容", max_length=500, db_index=True)
    section = models.CharField("检查类别", max_length=60, db_index=True)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+", verbose_name="题库条目")
    note = models.TextField("情况说明", blank=True)
    photos = models.JSONField(default=list, blank=True, editable=False)
    found_at = models.DateTimeField("发现时间", db_index=True)
    found_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="巡查员"
    )
    hazard = models.OneToOneField(
        Hazard, models.PROTECT, null=True, editable=False, related_name="finding", verbose_name="隐患"
    )
    incident = models.OneToOneField(
        Incident, models.PROTECT, null=True, editable=False, related_name="finding", verbose_name="安全事件"
    )
    notice = models.OneToOneField(
        Notice, models.PROTECT, null=True, editable=False, related_name="finding", verbose_name="通知"
    )

    class Meta(Record.Meta):
        verbose_name = "检查发现"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["task", "question"], name="safety_finding_once")]
        indexes = [models.Index(fields=["org", "found_at"], name="safety_finding_org_day")]

    def __str__(self) -> str:
        return self.wording

    def get_absolute_url(self) -> str:
        """The finding's page."""
        return f"/safety/findings/{self.pk}/"

    @property
    def key(self) -> str:
        """What names it as the source of a hazard or an incident."""
        return f"finding:{self.pk}"

    @property
    def stand(self) -> tuple[str, str]:
        """Where it stands: tone and words of its hazard, or that none was made of it."""
        if self.hazard is None:
            return "idle", "未转隐患"
        if self.hazard.archived_at is not None:
            return "done", f"{self.hazard.state_shown.title}，已归档"
        return self.hazard.state_shown.tone, self.hazard.state_shown.title

    @property
    def notice_stand(self) -> tuple[str, str]:
        """Tone and words of the notice started from it."""
        return (
            (NOTICE_TONES[self.notice.state], self.notice.get_state_display())
            if self.notice
            else ("idle", "")
        )

    @classmethod
    def narrow(cls, rows: Any, user: Any, found: Any) -> Any:
        """As closed as the task they belong to."""
        closed = closed_forms(user)
        return rows.exclude(Q(task__round__plan__form__in=closed) & ~Q(found_by=user)) if closed else rows


def findings_of(task: InspectionTask) -> list[Finding]:
    """What stands of a task's findings, in order of the questions."""
    rows = Finding.objects.unscoped().filter(task=task, archived_at=None)
    return list(rows.select_related("hazard", "incident", "notice", "org"))


def keep_findings(actor: Actor, task: InspectionTask, failed: tuple[Answer, ...]) -> list[Finding]:
    """Store what failed, renew what failed before, put away what passes now."""
    there = {row.question: row for row in Finding.objects.unscoped().filter(task=task)}
    made = {answer.question: finding_of(task, answer) for answer in failed}
    for question, row in there.items():
        _renew(actor, row, made.get(question))
    create_all(actor, [row for question, row in made.items() if question not in there])
    return findings_of(task)


def _renew(actor: Actor, row: Finding, now: Finding | None) -> None:
    if now is None:
        if row.archived_at is None:
            archive(actor, row)
        return
    change(
        actor, row, {"note": now.note, "photos": now.photos, "found_at": now.found_at, "archived_at": None}
    )


def finding_of(task: InspectionTask, answer: Answer) -> Finding:
    """What a failed answer says, not yet stored."""
    form = answer.response.form_version.form()
    asked, section = form.by_uid()[answer.question], form.section_of(answer.question)
    return Finding(
        org=task.org,
        task=task,
        question=answer.question,
        wording=asked.text[:500],
        section=(section or task.round.plan.form.subject)[:60],
        item_id=answer.item_id,
        note=answer.note,
        photos=answer.photos,
        found_at=min(answer.at, task.submitted_at or answer.at),
        found_by=task.assignee,
    )


@events.on(Submitted)
def gather(event: Submitted) -> None:
    """A sheet handed in leaves its findings, in the same transaction."""
    if event.response.purpose != PURPOSE:
        return
    task = task_of(event.response)
    if task is not None:
        keep_findings(event.actor or SYSTEM, task, event.failed)
