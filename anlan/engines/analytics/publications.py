"""Published statistics: numbers frozen with their definition at a cut-off, and dated corrections beside them (NF.223).

A published number is never overwritten. What is entered late shows as a correction: the old number, the new one,
the day and the rows. Numbers of one moment (rows in a state, overdue rows) do not become wrong because the rows move
on; they are corrected only by rows entered after the cut-off. Numbers that only facts decide are counted anew.
"""

from typing import Any

from django.db import models
from django.urls import reverse

from anlan.engines.org.api import Record
from anlan.engines.registry.api import ledgers
from anlan.kernel import clock

TAKEN = "这个单位、时段和口径已经发布过：发布的数字不能覆盖，晚到的数据会登记为更正"


def nothing_counted() -> dict[str, Any]:
    """The definition of a publication without a number."""
    return {"period": "", "tables": []}


class Publication(Record):
    """The numbers of a declared report or analysis for ``org`` and its period, as they stood at ``cut_off``.

    ``definition``: what was counted (period field, tables with their columns and conditions in words);
    ``numbers``: for each table, numbers by line; ``lines``: for each table, the words of its lines.
    ``checked_at`` is the moment up to which late data have been looked for.
    """

    FROZEN = (
        "org source grouping title first_on last_on cut_off sources note definition numbers "
        "lines created_at created_by uid"
    )

    source = models.CharField("统计代码", max_length=60, editable=False)
    grouping = models.CharField("统计口径", max_length=40, blank=True, editable=False)
    title = models.CharField("统计名称", max_length=100)
    first_on = models.DateField("时段自")
    last_on = models.DateField("时段至", db_index=True)
    cut_off = models.DateTimeField("数据截止", default=clock.now, db_index=True)
    sources = models.TextField("数据来源", max_length=500)
    note = models.TextField("说明", max_length=500, blank=True)
    definition = models.JSONField("口径", default=nothing_counted, editable=False)
    numbers = models.JSONField("数字", default=list, editable=False)
    lines = models.JSONField("行", default=list, editable=False)
    checked_at = models.DateTimeField("核对至", default=clock.now, editable=False)

    class Meta(Record.Meta):
        verbose_name = "发布的统计"
        ordering = ["-cut_off"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "source", "grouping", "first_on", "last_on"],
                name="analytics_publication_once",
                violation_error_message=TAKEN,
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The record's page."""
        return reverse("analytics.publications:detail", args=[self.pk])

    @property
    def period(self) -> str:
        """The part of a query string that says the period; empty for a count without one."""
        name = self.definition["period"]
        return f"{name}_from={self.first_on}&{name}_to={self.last_on}" if name else ""


class Correction(Record):
    """One number of a publication that late data changed; ``rows`` are keys of the late rows (the first of them)."""

    FROZEN = "org publication table column key line measure before after why rows late found_at created_at"

    publication = models.ForeignKey(
        Publication, models.PROTECT, related_name="corrections", verbose_name="统计"
    )
    table = models.PositiveSmallIntegerField(editable=False)
    column = models.PositiveSmallIntegerField(editable=False)
    key = models.CharField(max_length=200, editable=False)
    line = models.CharField("行", max_length=200)
    measure = models.CharField("项目", max_length=100)
    before = models.PositiveIntegerField("原值")
    after = models.PositiveIntegerField("更正为")
    why = models.CharField("更正原因", max_length=300)
    rows = models.JSONField(default=list, editable=False)
    late = models.PositiveIntegerField("涉及记录", default=0)
    found_at = models.DateTimeField("更正时间", default=clock.now, db_index=True)

    class Meta(Record.Meta):
        verbose_name = "统计更正"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["publication", "table", "key"], name="analytics_correction_cell")]

    def __str__(self) -> str:
        return f"{self.line} {self.measure}：{self.before} → {self.after}"

    def get_absolute_url(self) -> str:
        """The record's page."""
        return reverse("analytics.corrections:detail", args=[self.pk])

    def source(self) -> Any:
        """The ledger whose rows came late."""
        return ledgers[self.publication.definition["tables"][self.table]["columns"][self.column]["ledger"]]
