"""Separated zones at the gate when pupils come and go: laid down once for each peak of the day (N1.12)."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from anlan.base.handing_on import passes_on
from anlan.base.people import Person
from anlan.domains.alarms.entrances import Entrance
from anlan.engines.registry.api import Entry, unique
from anlan.kernel import clock


def staff_field() -> Any:
    """People of the school who set the zone up and stand there."""
    return models.ManyToManyField(Person, related_name="+", blank=True, verbose_name="值守人员")


class PeakZone(Entry):
    """The zone at one entrance for one peak of the school day."""

    entrance = models.ForeignKey(Entrance, models.PROTECT, related_name="zones", verbose_name="出入口")
    name = models.CharField("时段名称", max_length=20, help_text="如：早上到校、下午放学")
    begins_at = models.TimeField("开始时间")
    ends_at = models.TimeField("结束时间")
    barriers = models.CharField("隔离设施", max_length=120, help_text="如：门外铁马 12 个、门内隔离带 20 米")
    layout = models.TextField("布置", help_text="门内外各占哪一段，接送车辆和行人怎么走")
    staff = staff_field()

    class Meta(Entry.Meta):
        verbose_name = "上下学临时隔离区"
        ordering = ["org__path", "entrance", "begins_at"]
        constraints = [unique("alarms_zone_of_peak_once", "entrance name", "这个出入口已有同名的时段")]

    def __str__(self) -> str:
        return f"{self.entrance} {self.name}"

    def clean(self) -> None:
        """At an entrance of the school; within one day."""
        faults = {}
        if self.entrance.org_id != self.org_id:
            faults["entrance"] = "只能选本校的出入口"
        if self.ends_at <= self.begins_at:
            faults["ends_at"] = "结束时间要晚于开始时间"
        if faults:
            raise ValidationError(faults)

    def span(self, day: date) -> tuple[datetime, datetime]:
        """The peak of one day."""
        begins, ends = (datetime.combine(day, at, clock.zone()) for at in (self.begins_at, self.ends_at))
        return begins, ends

    def here(self) -> list[Person]:
        """Those named for it who still work at the school."""
        return [one for one in self.staff.all() if one.archived_at is None and one.org_id == self.org_id]


passes_on(PeakZone, "staff")
