"""Inspection: modes, plans, their rounds, and each inspector's tasks at schools (D01.4-D01.7, D01.9)."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from anlan.base.handing_on import passes_on
from anlan.domains.safety.checkers import may_check
from anlan.domains.safety.inspection_modes import InspectionMode
from anlan.engines.forms.api import FormDefinition, FormVersion, Response
from anlan.engines.org.api import Grant, OrgUnit, declare_permission, may, scope
from anlan.engines.registry.api import risk_field
from anlan.engines.tasks.api import Addressee, Assignment, Plan, Round, Stage

PURPOSE = "inspection"
ISSUE = declare_permission(
    "safety.inspection_plans.issue",
    "巡查：下发、退回、催办",
    ("bureau_safety", "team_admin", "school_safety", "school_head"),
).code
COLLEAGUES = declare_permission("safety.inspections.colleagues", "巡查：查看同事已完成的任务").code


class InspectionPlan(Plan):
    """A plan of the bureau, or of a school for itself: a form, inspectors and schools, once or repeatedly."""

    ISSUE = ISSUE

    mode = models.ForeignKey(InspectionMode, models.PROTECT, related_name="plans", verbose_name="巡查模式")
    category = risk_field("风险类别", null=True, blank=True, help_text="不选则按巡查模式；不合格项按此归类")
    form = models.ForeignKey(FormDefinition, models.PROTECT, related_name="+", verbose_name="检查表")
    inspectors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name="巡查员")
    schools = models.ManyToManyField(OrgUnit, related_name="+", verbose_name="学校")
    everybody = models.BooleanField("每名巡查员都查每所学校", default=False)
    note = models.TextField("任务说明", blank=True, max_length=500)

    class Meta(Plan.Meta):
        verbose_name = "巡查计划"
        ordering = ["-pk"]

    def get_absolute_url(self) -> str:
        """The plan's page."""
        return f"/safety/inspection-plans/{self.pk}/"

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """The kind of its mode where none was chosen and that one is in use."""
        if self.category_id is None and self.mode_id and not self.mode.category.retired:
            self.category = self.mode.category
        super().full_clean(*args, **kwargs)

    def assignment(self, round_: Any, addressee: Addressee) -> Any:
        """A task keeps the version of the form in use when it was issued, whatever becomes of the form later."""
        task = super().assignment(round_, addressee)
        task.form_version = self.form.version_in_use
        return task

    def audience(self) -> Sequence[Addressee]:
        """Who checks which school: everybody where they may, or each school once, by whoever has least to do.

        A school none of the inspectors may check is left out; see :meth:`unmanned`.
        """
        people = list(self.inspectors.order_by("pk"))
        load = dict.fromkeys((person.pk for person in people), 0)
        pairs = []
        for unit in self.schools.order_by("path"):
            fit = [person for person in people if may_check(person, unit)]
            for person in fit if self.everybody else sorted(fit, key=lambda one: load[one.pk])[:1]:
                load[person.pk] += 1
                pairs.append(Addressee(unit, person))
        return pairs

    def unmanned(self) -> list[OrgUnit]:
        """Schools of the plan that none of its inspectors may check."""
        people = list(self.inspectors.all())
        return [unit for unit in self.schools.all() if not any(may_check(one, unit) for one in people)]


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

    def suits(self, user: Any) -> bool:
        """Somebody who may check this school."""
        return may_check(user, self.org)

    @classmethod
    def scope_condition(cls, user: Any, found: Any) -> Q:
        """The scope, and for whom it was granted the colleagues' finished tasks too."""
        condition = super().scope_condition(user, found)
        if may(user, COLLEAGUES):
            condition |= scope(user, COLLEAGUES).condition() & Q(state=Stage.COMPLETED)
        return condition

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


passes_on(InspectionPlan, "inspectors")
