"""Maintenance visits of special equipment (D16.3)."""

from django.core.exceptions import ValidationError
from django.db import models

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.domains.special_equipment.devices import Device
from anlan.engines.registry.api import Entry, Ledger, ledger
from anlan.kernel import clock


class Visit(Entry):
    """A visit of the maintenance firm."""

    device = models.ForeignKey(Device, models.PROTECT, related_name="visits", verbose_name="设备")
    day = models.DateField("日期", db_index=True)
    firm = models.CharField("维保单位", max_length=80)
    items = models.CharField("维保内容", max_length=200)
    fine = models.BooleanField("正常", default=True)

    class Meta(Entry.Meta):
        verbose_name = "维护保养记录"

    def clean(self) -> None:
        """No visit lies ahead."""
        if self.day and self.day > clock.today():
            raise ValidationError({"day": "日期不能晚于今天"})


@ledger
class Visits(Ledger):
    """Visits of maintenance firms."""

    model = Visit
    title, noun, area, group, order = "维护保养记录", "次", "upkeep", "特种设备", 320
    columns = "device day firm items fine org"
    filters, search, sort = "org device day fine", "firm items", "-day"
    key, files = "org device day", {"sheet": "维保单"}
    example = {"day": "2026-10-08", "firm": "顺达电梯", "items": "半月保养"}
    roles = KEPT_BY_SCHOOL
