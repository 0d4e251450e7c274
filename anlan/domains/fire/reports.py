"""Yearly inspection reports; what one leaves open becomes hazards (D14.5)."""

from django.core.exceptions import ValidationError
from django.db import models

from anlan.base.found import Found
from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.engines.audit.api import Written
from anlan.engines.registry.api import Entry, Ledger, ledger
from anlan.kernel import clock, events


class Report(Entry):
    """A yearly report of fire facilities; each line of ``findings`` is a problem that is not resolved yet."""

    firm = models.CharField("检测单位", max_length=80)
    qualification = models.CharField("资质编号", max_length=60, blank=True)
    number = models.CharField("报告编号", max_length=60)
    visited_on = models.DateField("检测日期")
    reported_on = models.DateField("报告日期")
    valid_to = models.DateField("有效期至", db_index=True)
    findings = models.TextField("未整改的问题", blank=True, help_text="一行一个问题，每个问题生成一条隐患")

    class Meta(Entry.Meta):
        verbose_name = "消防年度检测报告"

    def clean(self) -> None:
        """Inspected, then reported, then valid; nothing of it ahead."""
        if self.visited_on and self.reported_on and self.reported_on < self.visited_on:
            raise ValidationError({"reported_on": "报告日期不能早于检测日期"})
        if self.reported_on and self.reported_on > clock.today():
            raise ValidationError({"reported_on": "报告日期不能晚于今天"})
        if self.reported_on and self.valid_to and self.valid_to <= self.reported_on:
            raise ValidationError({"valid_to": "有效期要晚于报告日期"})

    @property
    def open_findings(self) -> list[str]:
        """Problems that are not resolved."""
        return [line.strip() for line in self.findings.splitlines() if line.strip()]


@ledger
class Reports(Ledger):
    """Yearly reports."""

    model = Report
    title, noun, area, group, order = "消防年度检测报告", "份", "upkeep", "消防", 226
    columns = "number firm qualification visited_on reported_on valid_to validity org"
    filters, search, key = "org valid_to", "number firm", "org number"
    expires, files = "valid_to", {"scan": "检测报告"}
    example = {
        "number": "XJ-2026-1", "firm": "安泰检测", "visited_on": "2026-09-01", "reported_on": "2026-09-08",
        "valid_to": "2027-09-07",
    }  # fmt: skip
    roles = KEPT_BY_SCHOOL


@events.on(Written)
def raise_findings(event: Written) -> None:
    """Handler: every problem a report leaves open goes into the register of hazards, once."""
    row = event.record
    if isinstance(row, Report) and event.action in ("create", "change") and row.archived_at is None:
        for line in row.open_findings:
            detail = f"{row.firm} {row.number}：{line}"
            events.publish(Found(event.actor, row, "tech", line, "fire", detail, key=line[:30]))
