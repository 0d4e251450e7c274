"""Findings: every failed item of a check, with what became of it (D01.14, D01.15)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.incidents import Incident
from anlan.domains.safety.inspection import InspectionTask, closed_forms
from anlan.domains.safety.notices import Notice
from anlan.engines.forms.api import Item
from anlan.engines.org.api import Record

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
