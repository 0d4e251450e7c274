"""School years that a school has closed: their ledgers are read-only until the bureau lets them be reopened (S06.6).

What is closed is frozen in the closing (ADR 0010): rows of other modules that change later change no closed ledger.
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.domains.accounts.exemptions import SCHOOL, Exemption
from anlan.domains.accounts.items import Item
from anlan.domains.accounts.years import check_year, month_end, months_of, shifted, this_year
from anlan.engines.org.api import Kind
from anlan.engines.registry.api import Entry
from anlan.engines.workflow.api import FlowRecord, Workflow, back, done, move, review, todo
from anlan.kernel.school_years import school_year

SHUT, YEARS = ("closed", "asked"), 11


def last_year() -> str:
    """The school year that ended last."""
    return shifted(this_year(), -1)


def over_years() -> list[tuple[str, str]]:
    """School years that may be closed, the last one first."""
    return [(year, f"{year} 学年") for year in (shifted(this_year(), -back) for back in range(1, YEARS))]


class Closing(FlowRecord, Entry):
    """The closed ledgers of a school in a school year.

    ``frozen`` is what stood in them (see ``freezing.frozen_of``), ``words`` the titles of it all for the search.
    """

    year = models.CharField("学年", max_length=9, choices=over_years, db_index=True)
    begins = models.DateField("学年第一天", null=True, editable=False)
    ends = models.DateField("学年最后一天", null=True, editable=False)
    percent = models.PositiveSmallIntegerField("完整度（%）", null=True, editable=False)
    rows = models.PositiveIntegerField("材料", default=0, editable=False)
    frozen = models.JSONField("归档内容", default=list, blank=True, editable=False)
    words = models.TextField("归档材料名称", blank=True, editable=False)
    reason = models.TextField("重新打开的理由", max_length=300, blank=True)
    opinion = models.TextField("教育局意见", max_length=300, blank=True)

    class Meta(FlowRecord.Meta):
        verbose_name = "学年归档"
        ordering = ["-year", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "year"],
                name="accounts_closing_once",
                condition=Q(archived_at=None),
                violation_error_message="这个学年的台账已经归档过",
            )
        ]

    def __str__(self) -> str:
        return f"{self.org}{self.year} 学年安全台账"

    def get_absolute_url(self) -> str:
        """The page of the closed year."""
        return f"/accounts/closings/{self.pk}/"

    def clean(self) -> None:
        """Refuse years that are not over, and units that keep no ledgers."""
        check_year(self.year)
        self.begins, self.ends = span_of(self.year)
        if self.year >= this_year():
            raise ValidationError({"year": f"学年要在 {self.ends:%Y-%m-%d} 以后才能归档"})
        if self.org.kind != Kind.SCHOOL:
            raise ValidationError({"org": "请选择学校"})


def span_of(year: str) -> tuple[date, date]:
    """First and last day of a school year."""
    months = months_of(year)
    return months[0], month_end(months[-1])


def waiting_in(unit: int, year: str) -> int:
    """What of a year lies on somebody's desk: returned material, requests not decided."""
    items = Item.objects.unscoped().filter(
        org=unit, day__range=span_of(year), state="returned", archived_at=None
    )
    asked = Exemption.objects.unscoped().filter(org=unit, year=year, state="asked", archived_at=None)
    return int(items.count() + asked.count())


def shut(unit: int, year: str) -> Any:
    """Closings in force of a school's year: none or one."""
    return Closing.objects.unscoped().filter(org=unit, year=year, state__in=SHUT, archived_at=None)


def shut_over(day: str) -> Any:
    """For ``Exists``: the closing in force over the day of a row of the same unit."""
    there = {
        "org": models.OuterRef("org"),
        "begins__lte": models.OuterRef(day),
        "ends__gte": models.OuterRef(day),
    }
    return Closing.objects.unscoped().filter(state__in=SHUT, archived_at=None, **there)


def said_of(year: str) -> str:
    """Why nothing of the year can be changed, in words."""
    return f"{year} 学年的台账已经归档，只能查看；确需修改的，请在学年归档中申请重新打开"


def year_shut(record: Any, user: Any = None) -> str | None:
    """Guard of moves: the year of the material, or of the request, is closed."""
    year = school_year(record.day) if isinstance(record, Item) else record.year
    return said_of(year) if shut(record.org_id, year).exists() else None


class ClosingFlow(Workflow):
    """The school closes; it asks to reopen, the bureau consents or refuses; then it is closed anew."""

    code = "accounts.closings"
    title = "学年归档"
    model = Closing
    states = {
        "draft": todo("待归档"),
        "closed": done("已归档"),
        "asked": review("待同意重新打开", work="审批重新打开"),
        "opened": back("已重新打开"),
    }
    initial, final = "draft", "closed"

    close = move("归档", "draft opened", "closed", by=SCHOOL)
    ask = move("申请重新打开", "closed", "asked", by=SCHOOL, needs="reason", duty=False, outlined=True)
    agree = move("同意重新打开", "asked", "opened", by="bureau_safety", takes="opinion")
    refuse = move("不同意", "asked", "closed", by="bureau_safety", needs="opinion")
