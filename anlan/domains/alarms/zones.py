"""Zones of intrusion alarms: what they guard, when they are armed, how often they were wrong (N1.15)."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, Q

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.engines.registry.api import Entry, Ledger, computed, ledger, unique
from anlan.engines.tasks.api import is_working_day
from anlan.kernel import clock
from anlan.kernel.numbers import percent_text, share

REQUIRED = ("hazardous", "laboratory", "valuables")


class Zone(Entry):
    """A zone of a school; without times it is armed always."""

    class Guards(models.TextChoices):
        PERIMETER = "perimeter", "周界"
        PLANT = "plant", "水电气热设备间"
        HAZARDOUS = "hazardous", "危险品储存室"
        LABORATORY = "laboratory", "实验室"
        VALUABLES = "valuables", "贵重物品存放处"
        OTHER = "other", "其他"

    code = models.CharField("防区编号", max_length=30)
    title = models.CharField("防区名称", max_length=60)
    guards = models.CharField("防护部位", max_length=10, choices=Guards.choices, db_index=True)
    armed_from = models.TimeField("布防时间", null=True, blank=True)
    armed_to = models.TimeField("撤防时间", null=True, blank=True)
    rest_days = models.BooleanField("休息日全天布防", default=True)

    class Meta(Entry.Meta):
        verbose_name = "入侵报警防区"
        constraints = [unique("alarms_zone_once", "org code", "本校已有这个防区编号")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    def clean(self) -> None:
        """Both times or neither, and not the same."""
        if (self.armed_from is None) != (self.armed_to is None):
            raise ValidationError({"armed_to": "布防、撤防时间要一起填写；都不填是全天布防"})
        if self.armed_from is not None and self.armed_from == self.armed_to:
            raise ValidationError({"armed_to": "撤防时间不能和布防时间相同"})

    def armed_at(self, moment: datetime) -> bool:
        """Whether an alarm at that moment counts; times may go over midnight."""
        local = moment.astimezone(clock.zone())
        start, end = self.armed_from, self.armed_to
        if start is None or end is None or (self.rest_days and not is_working_day(local.date())):
            return True
        at = local.time()
        return start <= at < end if start < end else at >= start or at < end


@ledger
class Zones(Ledger):
    """Zones with their times and their rate of false alarms."""

    code = "alarms.zones"
    model = Zone
    title, noun, icon = "入侵报警防区", "个", "shield-check"
    area, group, order = "safety", "报警与出入", 330
    columns = "title code guards level armed judged false_rate org"
    filters, search, key = "org guards", "code title org__name", "org code"
    form = "org code title guards armed_from armed_to rest_days"
    example = {"code": "01", "title": "东侧围墙", "armed_from": "22:00", "armed_to": "06:00"}
    roles = KEPT_BY_SCHOOL

    def refine(self, rows: Any) -> Any:
        """With how many alarms were judged, and how many of them false."""
        judged = Q(alarms__judgement__in=("real", "false"), alarms__archived_at=None)
        wrong = Q(alarms__judgement="false", alarms__archived_at=None)
        return rows.annotate(
            judged_ones=Count("alarms", filter=judged), wrong_ones=Count("alarms", filter=wrong)
        )

    @computed("程度")
    def level(self, row: Zone) -> str:
        """Whether the standard requires an alarm there or advises it."""
        return "应" if row.guards in REQUIRED else "宜"

    @computed("布防时段")
    def armed(self, row: Zone) -> str:
        """In words."""
        if row.armed_from is None or row.armed_to is None:
            return "全天"
        return f"{row.armed_from:%H:%M} 至 {row.armed_to:%H:%M}" + ("，休息日全天" if row.rest_days else "")

    @computed("已判定报警", "number")
    def judged(self, row: Any) -> int:
        """Alarms with a judgement."""
        return int(row.judged_ones)

    @computed("误报率")
    def false_rate(self, row: Any) -> str:
        """False ones of those judged."""
        ratio = share(row.wrong_ones, row.judged_ones)
        return percent_text(ratio) if ratio is not None else "—"
