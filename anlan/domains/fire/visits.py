"""Visits of the maintenance firm under a contract (D14.5)."""

from django.core.exceptions import ValidationError
from django.db import models

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.domains.fire.contracts import Contract
from anlan.engines.registry.api import Entry, Ledger, ledger
from anlan.kernel import clock


class Visit(Entry):
    """A visit of the firm under a contract."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="visits", verbose_name="维保合同")
    day = models.DateField("日期", db_index=True)
    work = models.CharField("维保内容", max_length=200)
    findings = models.TextField("发现的问题", blank=True)

    class Meta(Entry.Meta):
        verbose_name = "消防维保记录"

    def __str__(self) -> str:
        return f"{self.contract} {self.day}"

    def clean(self) -> None:
        """Not ahead, and within the contract's school."""
        if self.day and self.day > clock.today():
            raise ValidationError({"day": "日期不能晚于今天"})
        if self.contract_id and self.org_id and self.contract.org_id != self.org_id:
            raise ValidationError({"contract": "只能选本校的合同"})


@ledger
class Visits(Ledger):
    """Visits of maintenance firms."""

    model = Visit
    title, noun, area, group, order = "消防维保记录", "次", "upkeep", "消防", 224
    columns = "contract day work findings org"
    filters, search, sort = "org contract day", "work findings", "-day"
    key, files = "org contract day", {"sheet": "维保单"}
    example = {"day": "2026-10-08", "work": "月度维保"}
    roles = KEPT_BY_SCHOOL
