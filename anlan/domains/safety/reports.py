"""Safety reports of schools, also when nothing happened: rounds, answers, kinds of incident (D07.1, D07.2, D11.11)."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from anlan.base.audiences import schools_meant
from anlan.engines.org.api import OrgUnit, Record, declare_permission
from anlan.engines.tasks.api import Addressee, Assignment, Plan, Round, Stage, declare_dated

OPENERS = ("bureau_safety", "team_admin")
REPORTERS = ("school_safety", "school_head", "school_contact")
ISSUE = declare_permission("safety.report_plans.issue", "安全报告：下发、催报", OPENERS).code
DUTY = declare_permission("safety.reports.do", "安全报告：上报", REPORTERS).code
COMMAND = declare_permission(
    "safety.reports.command", "安全报告：启动应急处置", ("bureau_safety", "bureau_leader")
).code


class ReportItem(Record):
    """A kind of incident a school chooses from; laid down by the bureau for the units below."""

    INHERITED = True

    title = models.CharField("事件类别", max_length=40)
    order = models.PositiveSmallIntegerField("顺序", default=100)
    retired = models.BooleanField("停用", default=False)

    class Meta(Record.Meta):
        verbose_name = "事件类别"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "title"],
                name="safety_report_item_once",
                violation_error_message="已有同名的事件类别",
            )
        ]

    def __str__(self) -> str:
        return self.title


class ReportPlan(Plan):
    """Report rounds of a bureau: which schools, how often, until when, and what silence means."""

    ISSUE = ISSUE

    silence = models.CharField(
        "到期未报",
        max_length=8,
        default="default",
        choices=[("default", "视为平安"), ("missing", "记为未报")],
    )
    audience_said = models.JSONField(default=dict, blank=True, editable=False)
    named = models.ManyToManyField(
        OrgUnit, related_name="+", blank=True, editable=False, verbose_name="点名的学校"
    )

    class Meta(Plan.Meta):
        verbose_name = "安全报告安排"
        ordering = ["-pk"]

    def get_absolute_url(self) -> str:
        """The plan's page."""
        return reverse("safety.report_plans:detail", args=[self.pk])

    def units(self) -> Any:
        """Schools addressed as of today: all below, unless types, towns or names were chosen."""
        said = self.audience_said
        whole = bool(said.get("whole")) or not said
        towns = OrgUnit.objects.filter(pk__in=said.get("towns", ()))
        meant = schools_meant(self.org.path, whole, said.get("kinds", ()), towns)
        return OrgUnit.objects.filter(Q(pk__in=meant) | Q(pk__in=self.named.values("pk")), closed_on=None)

    def audience(self) -> Sequence[Addressee]:
        """Each school once."""
        return [Addressee(unit) for unit in self.units()]


class ReportRound(Round):
    """One round, such as one day."""

    plan = models.ForeignKey(ReportPlan, models.CASCADE, related_name="rounds", verbose_name="安排")

    class Meta(Round.Meta):
        verbose_name = "报告轮次"

    def __str__(self) -> str:
        return f"{self.opens_on:%Y-%m-%d}"


class SafetyReport(Assignment):
    """What one school reported in one round. ``emergency`` is the school's request, ``emergency_at`` the decision."""

    DUTY = DUTY
    VERB = "上报"

    class Verdict(models.TextChoices):
        """What the school said, or what its silence means."""

        WAITING = "waiting", "待报"
        SAFE = "safe", "平安（已确认）"
        DEFAULT = "default", "平安（默认）"
        INCIDENT = "incident", "有突发事件"
        MISSING = "missing", "未报"

    round = models.ForeignKey(ReportRound, models.PROTECT, related_name="assignments", verbose_name="轮次")
    verdict = models.CharField(
        "报告结果", max_length=8, choices=Verdict.choices, default=Verdict.WAITING, editable=False
    )
    items = models.ManyToManyField(
        ReportItem, related_name="+", blank=True, editable=False, verbose_name="事件类别"
    )
    text = models.TextField("情况说明", blank=True, editable=False)
    emergency = models.BooleanField("请求应急", default=False, editable=False)
    emergency_at = models.DateTimeField("应急启动时间", null=True, editable=False)
    emergency_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="启动人",
    )

    class Meta(Assignment.Meta):
        verbose_name = "安全报告"
        ordering = ["-due_at", "pk"]
        indexes = [
            models.Index(fields=["org", "verdict", "-due_at"], name="safety_report_verdict"),
            models.Index(fields=["verdict", "due_at"], name="safety_report_due"),
        ]

    def get_absolute_url(self) -> str:
        """The report's page."""
        return reverse("safety.reports:detail", args=[self.pk])

    def __str__(self) -> str:
        return f"{self.plan} {self.round}"

    def missing(self, values: dict[str, Any]) -> dict[str, str]:
        """An incident names its kind and says what happened."""
        if values.get("verdict") != self.Verdict.INCIDENT:
            return {}
        faults = {} if values.get("items") else {"items": "请选择事件类别"}
        return faults if str(values.get("text", "")).strip() else faults | {"text": "请写明发生了什么"}

    @property
    def passes_silently(self) -> bool:
        """Past its deadline, in a round where silence means safe."""
        return self.overdue and self.plan.silence == self.Verdict.DEFAULT


declare_dated(
    SafetyReport,
    "due_at",
    Q(state__in=(Stage.PENDING, Stage.DOING), archived_at=None),
    lambda report: [] if report.passes_silently else report.doers(),
    escalate_to=lambda report: [],
)
