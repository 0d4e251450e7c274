"""Collections: a form issued to schools with a deadline, and the task of each school (D12.8)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from anlan.base.audiences import schools_meant
from anlan.engines.forms.api import FormDefinition, FormVersion, Response
from anlan.engines.org.api import OrgUnit, declare_permission
from anlan.engines.tasks.api import Addressee, Assignment, Plan, Repeat, Round, Stage, overdue_condition
from anlan.kernel import clock

ISSUERS = ("bureau_safety", "team_admin")
FILLERS = ("school_safety", "school_head", "school_contact")
ISSUE = declare_permission("custom_forms.plans.issue", "数据填报：下发、催办、退回、撤回", ISSUERS).code
DUTY = declare_permission("custom_forms.tasks.do", "数据填报：填写、提交", FILLERS).code
VIEW = "custom_forms.tasks.view"
OPEN = (Stage.PENDING, Stage.DOING)


class CollectionPlan(Plan):
    """Which schools fill in which form until when, and what happens afterwards.

    ``form_version`` is fixed when it is issued: later changes of the form are for new collections only.
    """

    ISSUE = ISSUE

    form = models.ForeignKey(
        FormDefinition,
        models.PROTECT,
        related_name="+",
        verbose_name="报表或表单",
        help_text="启用了的表才能下发",
    )
    form_version = models.ForeignKey(
        FormVersion, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="表单版本"
    )
    note = models.TextField("填报要求", max_length=2000, blank=True)
    late_allowed = models.BooleanField("逾期仍可提交（记为逾期）", default=True)
    audience_said = models.JSONField(default=dict, blank=True, editable=False)
    named = models.ManyToManyField(
        OrgUnit, related_name="+", blank=True, editable=False, verbose_name="点名的学校"
    )

    class Meta(Plan.Meta):
        verbose_name = "填报安排"
        ordering = ["-pk"]

    def get_absolute_url(self) -> str:
        """The plan's page."""
        return reverse("custom_forms.plans:detail", args=[self.pk])

    def due_at(self, opens_on: date) -> datetime:
        """A collection made once is due on its last day."""
        if self.repeat == Repeat.ONCE:
            return datetime.combine(self.ends_on, self.deadline_time, clock.zone())
        return super().due_at(opens_on)

    def units(self) -> Any:
        """Schools addressed as of today: none before they are chosen."""
        said = self.audience_said
        towns = OrgUnit.objects.filter(pk__in=said.get("towns", ()))
        meant = schools_meant(self.org.path, bool(said.get("whole")), said.get("kinds", ()), towns)
        return OrgUnit.objects.filter(Q(pk__in=meant) | Q(pk__in=self.named.values("pk")), closed_on=None)

    def audience(self) -> Sequence[Addressee]:
        """Each school once."""
        return [Addressee(unit) for unit in self.units()]


class CollectionRound(Round):
    """One occurrence, such as one month."""

    plan = models.ForeignKey(CollectionPlan, models.PROTECT, related_name="rounds", verbose_name="安排")

    class Meta(Round.Meta):
        verbose_name = "填报轮次"

    def __str__(self) -> str:
        return f"{self.opens_on:%Y-%m-%d}"


class Collection(Assignment):
    """What one school fills in in one round; ``response`` is there once it was opened."""

    DUTY = DUTY
    VERB = "填报"

    round = models.ForeignKey(
        CollectionRound, models.PROTECT, related_name="assignments", verbose_name="轮次"
    )
    response = models.OneToOneField(
        Response, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="填报内容"
    )

    class Meta(Assignment.Meta):
        verbose_name = "填报任务"
        ordering = ["-due_at", "pk"]
        indexes = [models.Index(fields=["org", "state", "-due_at"], name="custom_forms_task_state")]

    def get_absolute_url(self) -> str:
        """The task's page."""
        return reverse("custom_forms.tasks:detail", args=[self.pk])

    @property
    def closed(self) -> bool:
        """Past a deadline after which nothing more is taken."""
        return self.overdue and not self.plan.late_allowed

    @property
    def standing(self) -> tuple[str, str]:
        """Where the school stands, with its tone."""
        if self.state == Stage.CANCELLED:
            return "idle", "已撤回"
        if self.state == Stage.COMPLETED:
            return ("late", "逾期提交") if self.late else ("done", "已提交")
        if self.overdue:
            return "late", "逾期未交"
        if self.returned:
            return "back", "已退回"
        return ("todo", "未打开") if self.response_id is None else ("doing", "填写中")


def unopened() -> Q:
    """Open tasks nobody has looked at."""
    return Q(state__in=OPEN, response=None)


def drafting() -> Q:
    """Opened, and neither handed in nor sent back."""
    return Q(state__in=OPEN, response__isnull=False, returns=0)


def returned() -> Q:
    """Sent back and not handed in again."""
    return Q(state=Stage.DOING, returns__gt=0)


def unsubmitted() -> Q:
    """Everything still to come."""
    return Q(state__in=OPEN)


def asked() -> Q:
    """Everything that was not taken back."""
    return ~Q(state=Stage.CANCELLED)


MARKS = {
    "asked": asked,
    "unopened": unopened,
    "drafting": drafting,
    "returned": returned,
    "overdue": overdue_condition,
    "unsubmitted": unsubmitted,
}
