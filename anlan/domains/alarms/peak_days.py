"""Each school day of a zone: due once, with people of its own, confirmed while the peak lasts or missed (N1.12)."""

from django.db import models
from django.db.models import Q

from anlan.base.handing_on import passes_on
from anlan.domains.alarms.peaks import PeakZone, staff_field
from anlan.engines.registry.api import Entry, unique
from anlan.kernel import clock

OPEN, DONE, MISSED = "open", "done", "missed"
STATES = [(OPEN, "待确认"), (DONE, "已完成"), (MISSED, "未完成")]


class PeakDay(Entry):
    """A zone on one school day: who sets it up, and whether somebody confirmed it."""

    zone = models.ForeignKey(PeakZone, models.PROTECT, related_name="days", verbose_name="隔离区")
    day = models.DateField("日期", db_index=True)
    begins_at = models.DateTimeField("开始", db_index=True)
    ends_at = models.DateTimeField("结束", db_index=True)
    staff = staff_field()
    state = models.CharField("结果", max_length=6, choices=STATES, default=OPEN, db_index=True)
    done_at = models.DateTimeField("确认时间", null=True, blank=True)
    done_by = models.CharField("确认人", max_length=40, blank=True)
    note = models.CharField("情况", max_length=200, blank=True)

    class Meta(Entry.Meta):
        verbose_name = "隔离区布设"
        ordering = ["-begins_at", "org__path"]
        constraints = [unique("alarms_peak_day_once", "zone day", "这一天已有这个时段")]

    def __str__(self) -> str:
        return f"{self.zone} {self.day:%m-%d}"

    @property
    def to_do(self) -> bool:
        """Neither confirmed nor over."""
        return self.archived_at is None and self.state == OPEN and clock.now() < self.ends_at


def unstaffed() -> Q:
    """Condition on days: still to come or going on, and nobody named."""
    return Q(state=OPEN, staff=None, archived_at=None, ends_at__gt=clock.now())


passes_on(PeakDay, "staff", lambda: Q(state=OPEN, ends_at__gt=clock.now()), replaced=False)
