"""Attendance and visitors from other systems: at their school and day, or held back with the reason (SAF.01)."""

from typing import Any

from django.db import models

from anlan.domains.alarms.passes import PersonClass
from anlan.domains.alarms.sources import Source
from anlan.engines.registry.api import Entry, unique

KINDS = [("attendance", "考勤"), ("visitor", "访客")]
STATUSES = [
    ("present", "到校"),
    ("late", "迟到"),
    ("early", "早退"),
    ("leave", "请假"),
    ("absent", "缺勤"),
    ("visited", "来访"),
]
HELD, RELEASED, DROPPED = "held", "released", "dropped"
STATES = [(HELD, "待处理"), (RELEASED, "已入库"), (DROPPED, "不入库")]


class Told(Entry):
    """What a source told of one person on one day; ``number`` is what the source calls it."""

    source: Any = models.ForeignKey(Source, models.PROTECT, related_name="+", verbose_name="来源")
    number = models.CharField("来源记录号", max_length=80)
    kind = models.CharField("类别", max_length=10, choices=KINDS, db_index=True)
    day = models.DateField("日期", db_index=True)
    at = models.DateTimeField("时间", null=True, blank=True)
    card = models.CharField("卡号或识别号", max_length=40, blank=True)
    person = models.CharField("姓名", max_length=40, blank=True)
    status = models.CharField("情况", max_length=8, choices=STATUSES, db_index=True)
    host = models.CharField("受访人", max_length=40, blank=True)
    purpose = models.CharField("事由", max_length=100, blank=True)

    class Meta(Entry.Meta):
        abstract = True


class FeedRecord(Told):
    """A record at its school; ``key`` keeps one line of attendance for a person and day, one for a visit."""

    person_class = models.CharField("人员类别", max_length=8, choices=PersonClass.choices, db_index=True)
    key = models.CharField("唯一标识", max_length=64)

    class Meta(Told.Meta):
        verbose_name = "考勤访客记录"
        ordering = ["-day", "-pk"]
        constraints = [models.UniqueConstraint(fields=["org", "key"], name="alarms_feed_record_once")]


class HeldRecord(Told):
    """A record whose school or person is not known, at the school if that is known, else at the source's unit."""

    unit_code = models.CharField("学校代码", max_length=40, blank=True)
    why = models.CharField("暂缓原因", max_length=120)
    state = models.CharField("处理", max_length=8, choices=STATES, default=HELD, db_index=True)
    note = models.CharField("处理说明", max_length=200, blank=True)
    record: Any = models.ForeignKey(
        FeedRecord, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="入库记录"
    )

    class Meta(Told.Meta):
        verbose_name = "暂缓入库记录"
        ordering = ["-pk"]
        constraints = [unique("alarms_held_record_once", "source number", "这条记录已经在列")]

    @property
    def waits(self) -> bool:
        """Nobody has settled it yet."""
        return self.state == HELD and self.archived_at is None
