"""Entries that do not apply to a school, with a reason the bureau agrees to (S06.4)."""

from django.core.exceptions import ValidationError
from django.db import models

from anlan.domains.accounts.sections import Section
from anlan.domains.accounts.years import check_year, periods_of, this_year
from anlan.engines.workflow.api import FlowRecord, Workflow, done, move, todo

SCHOOL = "school_head school_safety"


class Exemption(FlowRecord):
    """A school asks to leave an entry out for a school year, or for one of its periods."""

    section = models.ForeignKey(Section, models.PROTECT, related_name="exemptions", verbose_name="台账")
    year = models.CharField("学年", max_length=9, default=this_year, db_index=True, validators=[check_year])
    period = models.CharField(
        "哪一期", max_length=7, blank=True, help_text="留空为整个学年；学期写 1 或 2，月份写 2026-10"
    )
    reason = models.TextField("不适用的理由", max_length=300)
    opinion = models.TextField("教育局意见", blank=True)

    class Meta(FlowRecord.Meta):
        verbose_name = "不适用申请"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.section}不适用（{self.year} {self.period}）"

    def get_absolute_url(self) -> str:
        """The page of the request."""
        return f"/accounts/exemptions/{self.pk}/"

    def clean(self) -> None:
        """Refuse entries of others and periods the entry does not have."""
        if not self.org.path.startswith(self.section.org.path):
            raise ValidationError({"section": "这个台账不适用于本单位"})
        check_year(self.year)
        known = {one.code for one in periods_of(self.section.period, self.org, self.year)} | {""}
        if self.period not in known:
            raise ValidationError({"period": f"请填：{'、'.join(sorted(known - {''})) or '（留空）'}"})


class ExemptionFlow(Workflow):
    """The bureau agrees or refuses; what was agreed may be taken back."""

    code = "accounts.exemptions"
    title = "台账不适用"
    model = Exemption
    states = {
        "asked": todo("待教育局确认"),
        "agreed": done("已同意"),
        "refused": done("未同意"),
    }
    initial, final = "asked", "agreed refused"

    agree = move("同意", "asked", "agreed", by="bureau_safety", takes="opinion")
    refuse = move("不同意", "asked", "refused", by="bureau_safety", needs="opinion")
    take_back = move("收回同意", "agreed", "refused", by="bureau_safety", needs="opinion", duty=False)
