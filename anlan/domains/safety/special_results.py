"""Item by item at each school: verdicts of school, group and bureau side by side (SAF.15, SAF.42, SAF.43)."""

from typing import Any

from django.db import models
from django.db.models import Q

from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.special import OVERSEERS, SpecialItem, SpecialPart, at_own_level, own_groups
from anlan.engines.org.api import Record, declare_permission

OVERSEE = declare_permission("safety.special_results.oversee", "专项检查逐项结论：教育局查看", OVERSEERS).code
VERDICTS = [("pass", "合格"), ("fail", "不合格"), ("na", "不适用")]


class SpecialResult(Record):
    """One item at one school (``org``), and the hazard made of it."""

    part = models.ForeignKey(SpecialPart, models.PROTECT, related_name="results", verbose_name="学校专项检查")
    item = models.ForeignKey(SpecialItem, models.PROTECT, related_name="results", verbose_name="检查项目")
    school_verdict = models.CharField("学校自查", max_length=4, blank=True, choices=VERDICTS)
    school_text = models.CharField("学校说明", max_length=500, blank=True)
    group_verdict = models.CharField("小组结论", max_length=4, blank=True, choices=VERDICTS)
    group_text = models.CharField("小组说明", max_length=500, blank=True)
    bureau_verdict = models.CharField("教育局结论", max_length=4, blank=True, choices=VERDICTS)
    bureau_text = models.CharField("教育局说明", max_length=500, blank=True)
    hazard = models.OneToOneField(
        Hazard, models.PROTECT, null=True, blank=True, related_name="special_result", verbose_name="隐患"
    )

    class Meta(Record.Meta):
        verbose_name = "逐项结论"
        ordering = ["item__number"]
        constraints = [models.UniqueConstraint(fields=["part", "item"], name="safety_special_result_once")]

    def __str__(self) -> str:
        return f"{self.part}：{self.item}"

    @property
    def failed(self) -> bool:
        """Whether the last level that judged it found it wanting."""
        return (self.bureau_verdict or self.group_verdict or self.school_verdict) == "fail"

    def words(self, level: str) -> str:
        """What a level said, in words."""
        verdict = getattr(self, f"get_{level}_verdict_display")() or "未填"
        text = getattr(self, f"{level}_text")
        return f"{verdict}，{text}" if text else str(verdict)

    @classmethod
    def scope_condition(cls, user: Any, found: Any) -> Q:
        """Beside the units of the right, the schools of the person's groups."""
        return super().scope_condition(user, found) | Q(part__group__in=own_groups(user))

    @classmethod
    def narrow(cls, rows: Any, user: Any, found: Any) -> Any:
        """As the school's part is seen."""
        return rows.filter(at_own_level(user, found, "part__", OVERSEE))
