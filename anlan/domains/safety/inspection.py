"""Inspection: modes, plans, their rounds, and each inspector's tasks at schools (D01.4-D01.7, D01.9)."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from anlan.base.teams import schools_to_check
from anlan.domains.safety.hazards import Source
from anlan.domains.safety.risks import RiskCategory
from anlan.engines.forms.api import FormDefinition, FormVersion, Response
from anlan.engines.org.api import Grant, OrgUnit, Record, declare_permission
from anlan.engines.tasks.api import Addressee, Assignment, Plan, Round

PURPOSE = "inspection"
ISSUE = declare_permission(
    "safety.inspection_plans.issue",
    "巡查：下发、退回、催办",
    ("bureau_safety", "team_admin", "school_safety"),
).code


class InspectionMode(Record):
    """How checks of a kind are carried out: which forms, who, which evidence, and what a failed item leads to."""

    INHERITED = True

    title = models.CharField("名称", max_length=40)
    source = models.CharField("隐患来源", max_length=10, choices=Source.choices, default=Source.ROUTINE)
    forms = models.ManyToManyField(FormDefinition, related_name="+", blank=True, verbose_name="可用检查表")
    roles = models.JSONField("可承担的角色", default=list, blank=True)
    photos = models.PositiveSmallIntegerField("至少照片数", default=0)
    needs_location = models.BooleanField("要求定位", default=False)
    needs_signature = models.BooleanField("要求签名", default=False)
    raises_hazards = models.BooleanField("不合格项自动生成隐患", default=True)
    category = models.ForeignKey(RiskCategory, models.PROTECT, related_name="+", verbose_name="默认风险类别")
    disabled = models.BooleanField("停用", default=False)

    class Meta(Record.Meta):
        verbose_name = "巡查模式"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "title"], name="safety_mode_once", violation_error_message="已有同名的巡查模式"
            )
        ]

    def __str__(self) -> str:
        return self.title


class InspectionPlan(Plan):
    """A plan of the bureau, or of a school for itself: a form, inspectors and schools, once or repeatedly."""

    ISSUE = ISSUE

    mode = models.ForeignKey(InspectionMode, models.PROTECT, related_name="plans", verbose_name="巡查模式")
    form = models.ForeignKey(FormDefinition, models.PROTECT, related_name="+", verbose_name="检查表")
    inspectors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name="巡查员")
    schools = models.ManyToManyField(OrgUnit, related_name="+", verbose_name="学校")
    everybody = models.BooleanField("每名巡查员都查每所学校", default=False)

    class Meta(Plan.Meta):
        verbose_name = "巡查计划"
        ordering = ["-pk"]

    def get_absolute_url(self) -> str:
        """The plan's page."""
        return f"/safety/inspection-plans/{self.pk}/"

    def assignment(self, round_: Any, addressee: Addressee) -> Any:
        """A task keeps the version of the form in use when it was issued, whatever becomes of the form later."""
        task = super().assignment(round_, addressee)
        task.form_version = self.form.version_in_use
        return task

    def audience(self) -> Sequence[Addressee]:
        """Who checks which school: everybody everywhere, or each school once, by an inspector linked to it."""
        people, units = list(self.inspectors.order_by("pk")), list(self.schools.order_by("path"))
        if self.everybody:
            return [Addressee(unit, person) for unit in units for person in people]
        linked = {person.pk: set(schools_to_check(person).values_list("org", flat=True)) for person in people}
        load = dict.fromkeys((person.pk for person in people), 0)
        pairs = []
        for unit in units:
            fit = [person for person in people if unit.pk in linked[person.pk]] or people
            person = min(fit, key=lambda one: load[one.pk])
            load[person.pk] += 1
            pairs.append(Addressee(unit, person))
        return pairs


class InspectionRound(Round):
    """One occurrence of a plan."""

    plan = models.ForeignKey(InspectionPlan, models.CASCADE, related_name="rounds")

    class Meta(Round.Meta):
        verbose_name = "巡查轮次"


class InspectionTask(Assignment):
    """One inspector's check of one school (``org``); it keeps the version of the form it was issued with."""

    SUBMIT = "safety.inspections.submit"

    round = models.ForeignKey(
        InspectionRound, models.PROTECT, related_name="assignments", verbose_name="轮次"
    )
    form_version = models.ForeignKey(
        FormVersion, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="检查表版本"
    )
    response = models.OneToOneField(
        Response,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="inspection_task",
        verbose_name="检查结果",
    )

    class Meta(Assignment.Meta):
        verbose_name = "巡查任务"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["org", "state", "-id"], name="safety_task_org_state"),
            models.Index(fields=["assignee", "state", "due_at"], name="safety_task_assignee"),
            models.Index(fields=["org", "submitted_at"], name="safety_task_org_day"),
        ]

    def __str__(self) -> str:
        return f"{self.round.plan.title} · {self.org}"

    def get_absolute_url(self) -> str:
        """The task's page."""
        return f"/safety/inspections/{self.pk}/"

    @classmethod
    def narrow(cls, rows: Any, user: Any, found: Any) -> Any:
        """Tasks whose form names an audience show only to people holding one of its roles, and to the assignee."""
        closed = closed_forms(user)
        return rows.exclude(Q(round__plan__form__in=closed) & ~Q(assignee=user)) if closed else rows


def closed_forms(user: Any) -> list[int]:
    """Forms with an audience this person does not belong to."""
    named = list(FormDefinition.unguarded.exclude(audience=[]).values_list("pk", "audience"))
    if not named:
        return []
    held = set(Grant.in_force().filter(user=user).values_list("role__code", flat=True))
    return [pk for pk, audience in named if not held & set(audience)]
