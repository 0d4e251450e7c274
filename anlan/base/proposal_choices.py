"""What planners decided about proposals of inspections (X.25)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import models

from anlan.engines.org.api import Record
from anlan.kernel import clock


class ProposalChoice(Record):
    """What a planner decided about a proposal, with what it said then; never edited."""

    accepted = models.BooleanField("采纳")
    score = models.PositiveSmallIntegerField("评分")
    reasons = models.JSONField("理由", default=list)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta(Record.Meta):
        verbose_name = "检查建议处理"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["org", "created_at"], name="base_proposal_org_day")]

    def __str__(self) -> str:
        return f"{self.org} {'采纳' if self.accepted else '不采纳'}"


def decided_since(units: Sequence[int], days: int) -> Any:
    """Choices of the last days, newest first."""
    start = clock.now() - timedelta(days=days)
    return ProposalChoice.objects.unscoped().filter(org__in=units, created_at__gte=start)
