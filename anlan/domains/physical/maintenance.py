"""Maintenance of safety facilities: plans with their contract, and what was done, found and paid (R.33)."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from anlan.domains.physical.facilities import Facility
from anlan.engines.audit.api import SYSTEM, Written, change
from anlan.engines.registry.api import Entry, unique
from anlan.engines.tasks.api import months_later
from anlan.kernel import clock, events


class MaintenancePlan(Entry):
    """What is maintained how often, by which firm; ``next_on`` follows the last record."""

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="plans", verbose_name="设施")
    content = models.CharField("维护内容", max_length=120)
    every = models.PositiveSmallIntegerField(
        "每几个月一次", validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    first_on = models.DateField("首次日期")
    next_on = models.DateField("下次维护日期", null=True, editable=False, db_index=True)
    firm = models.CharField("维护单位", max_length=80, blank=True, help_text="学校自己维护的不填")
    contract = models.CharField("合同编号", max_length=60, blank=True)
    contract_to = models.DateField("合同到期日期", null=True, blank=True, db_index=True)

    class Meta(Entry.Meta):
        verbose_name = "设施维护计划"
        constraints = [unique("physical_plan_once", "facility content", "这个设施已有同样内容的维护计划")]

    def clean(self) -> None:
        """Of the own school; a contract has its end."""
        if self.facility.org_id != self.org_id:
            raise ValidationError({"facility": "只能选本校的设施"})
        if self.contract and not self.contract_to:
            raise ValidationError({"contract_to": "请填写合同到期日期"})


class Maintenance(Entry):
    """One maintenance, overhaul or renewal, with its result; ``cost`` in yuan."""

    KINDS = [("upkeep", "日常保养"), ("overhaul", "检修"), ("renewal", "更新改造")]
    RESULTS = [("fine", "完好"), ("mended", "已修复"), ("broken", "仍有缺陷")]

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="maintenance", verbose_name="设施")
    plan = models.ForeignKey(
        MaintenancePlan, models.PROTECT, null=True, blank=True, related_name="done", verbose_name="维护计划",
        help_text="按计划做的要选，选了才推算下次日期",
    )  # fmt: skip
    kind = models.CharField("类别", max_length=8, choices=KINDS, default="upkeep", db_index=True)
    day = models.DateField("日期", db_index=True)
    result = models.CharField("结果", max_length=6, choices=RESULTS, db_index=True)
    note = models.CharField("说明", max_length=300, blank=True)
    firm = models.CharField("维护单位", max_length=80, blank=True)
    cost = models.DecimalField(
        "费用（元）", max_digits=10, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )

    class Meta(Entry.Meta):
        verbose_name = "设施维护记录"
        ordering = ["-day", "-pk"]

    def clean(self) -> None:
        """Between the purchase and today, and of the plan's own facility."""
        bought, faults = self.facility.bought_on or self.facility.installed_on, {}
        if self.facility.org_id != self.org_id:
            faults["facility"] = "只能选本校的设施"
        if self.day > clock.today():
            faults["day"] = "日期不能晚于今天"
        elif bought and self.day < bought:
            faults["day"] = f"日期不能早于购置日期 {bought}"
        if self.plan and self.plan.facility_id != self.facility_id:
            faults["plan"] = "这个计划不是这个设施的"
        if faults:
            raise ValidationError(faults)


def settle(plan: MaintenancePlan) -> None:
    """Work out anew when the plan is due: the first day, then so many months after each record."""
    last: date | None = (
        plan.done.filter(archived_at=None).order_by("-day").values_list("day", flat=True).first()
    )
    due = months_later(last, plan.every) if last else plan.first_on
    if plan.next_on != due:
        change(SYSTEM, plan, {"next_on": due}, action="schedule")


@events.on(Written)
def follow(event: Written) -> None:
    """Plans follow their own fields and the records made under them."""
    row: Any = event.record
    if isinstance(row, MaintenancePlan) and row.archived_at is None and event.action != "schedule":
        settle(row)
    elif isinstance(row, Maintenance):
        keys = {row.plan_id, event.before.get("plan")} - {None}
        for plan in MaintenancePlan.objects.unscoped().filter(pk__in=keys, archived_at=None):
            settle(plan)
