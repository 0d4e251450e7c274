"""Special checks: checked by the schools, confirmed level by level (SAF.06, SAF.11-SAF.15)."""

from datetime import time
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.domains.safety.groups import InspectionGroup
from anlan.domains.safety.hazards import Hazard
from anlan.engines.org.api import OrgUnit, declare_permission, scope
from anlan.engines.workflow.api import FlowRecord
from anlan.kernel import clock

OVERSEE = declare_permission(
    "safety.special_parts.oversee",
    "专项检查：教育局查看",
    ("bureau_safety", "bureau_leader", "bureau_viewer"),
).code
CLOSES_AT = time(18, 0)
VERDICTS = [("pass", "合格"), ("fail", "不合格"), ("na", "不适用")]


class SpecialCheck(FlowRecord):
    """One special check of a bureau (``org``): requirements, completion day, person in charge, schools."""

    title = models.CharField("检查名称", max_length=80)
    requirements = models.TextField("检查要求")
    finish_on = models.DateField("完成日期", db_index=True)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="责任人"
    )
    schools = models.ManyToManyField(OrgUnit, related_name="+", verbose_name="检查学校")

    class Meta(FlowRecord.Meta):
        verbose_name = "专项检查"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The check's page."""
        return f"/safety/special-checks/{self.pk}/"

    def clean(self) -> None:
        """The completion day of a check not yet ended lies ahead."""
        if self.finish_on and self.state in ("", "draft") and self.finish_on < clock.today():
            raise ValidationError({"finish_on": "完成日期不能早于今天"})


class SpecialItem(models.Model):
    """One item, copied into the check, so that a template changed later leaves it untouched."""

    check_of = models.ForeignKey(SpecialCheck, models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField("序号")
    major = models.CharField("大类", max_length=40)
    middle = models.CharField("中类", max_length=40, blank=True)
    wording = models.CharField("检查项目", max_length=300)
    standard = models.CharField("检查标准", max_length=500)
    score = models.DecimalField("标准分", max_digits=5, decimal_places=1, default=0)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["check_of", "number"], name="safety_special_item_once")
        ]

    def __str__(self) -> str:
        return self.wording


class SpecialPart(FlowRecord):
    """One school's part (``org``) of a special check, with the group that looks after it."""

    check_of = models.ForeignKey(SpecialCheck, models.PROTECT, related_name="parts", verbose_name="专项检查")
    group = models.ForeignKey(InspectionGroup, models.PROTECT, related_name="parts", verbose_name="检查小组")
    findings = models.TextField("自查情况", blank=True)
    group_summary = models.TextField("小组小结", blank=True)
    bureau_summary = models.TextField("教育局小结", blank=True)
    opinion = models.TextField("退回理由", blank=True)
    reached = models.PositiveSmallIntegerField("到达层级", default=0, editable=False)

    class Meta(FlowRecord.Meta):
        verbose_name = "学校专项检查"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["check_of", "org"], name="safety_special_part_once")]
        indexes = [models.Index(fields=["group", "state"], name="safety_special_part_group")]

    def __str__(self) -> str:
        return f"{self.check_of.title} · {self.org}"

    def get_absolute_url(self) -> str:
        """The part's page."""
        return f"/safety/special-parts/{self.pk}/"

    @classmethod
    def narrow(cls, rows: Any, user: Any, found: Any) -> Any:
        """The school sees its part, the group once it is submitted, the bureau once the group confirmed."""
        at_school = Q(org__path__in=found.paths)
        in_group = Q(reached__gte=1) & (Q(group__leader=user) | Q(group__members=user))
        above = Q(reached__gte=2) & scope(user, OVERSEE).condition()
        return rows.filter(at_school | in_group | above).distinct()


class SpecialResult(models.Model):
    """One item at one school: verdicts of school, group and bureau, and the hazard made of it."""

    part = models.ForeignKey(SpecialPart, models.CASCADE, related_name="results")
    item = models.ForeignKey(SpecialItem, models.PROTECT, related_name="results")
    school_verdict = models.CharField(max_length=4, blank=True, choices=VERDICTS)
    school_text = models.CharField(max_length=500, blank=True)
    group_verdict = models.CharField(max_length=4, blank=True, choices=VERDICTS)
    group_text = models.CharField(max_length=500, blank=True)
    bureau_verdict = models.CharField(max_length=4, blank=True, choices=VERDICTS)
    bureau_text = models.CharField(max_length=500, blank=True)
    hazard = models.OneToOneField(Hazard, models.PROTECT, null=True, related_name="special_result")

    class Meta:
        ordering = ["item__number"]
        constraints = [models.UniqueConstraint(fields=["part", "item"], name="safety_special_result_once")]

    def __str__(self) -> str:
        return f"{self.part}：{self.item}"

    @property
    def failed(self) -> bool:
        """Whether the last level that judged it found it wanting."""
        return (self.bureau_verdict or self.group_verdict or self.school_verdict) == "fail"
