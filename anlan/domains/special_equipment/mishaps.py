"""Faults, entrapments and accidents of special equipment (D16.5)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from anlan.engines.registry.api import Entry
from anlan.kernel import clock

FAULT, TRAPPED, ACCIDENT = "fault", "trapped", "accident"


KINDS = [(FAULT, "故障"), (TRAPPED, "困人"), (ACCIDENT, "事故")]


class Mishap(Entry):
    """Something went wrong with a piece; open until its outcome is written down."""

    OWNER = "created_by"

    device = models.ForeignKey(
        "special_equipment.Device", models.PROTECT, related_name="mishaps", verbose_name="设备"
    )
    kind = models.CharField("类别", max_length=8, choices=KINDS, db_index=True)
    happened_at = models.DateTimeField("发生时间", db_index=True)
    course = models.CharField("经过", max_length=300)
    people = models.PositiveSmallIntegerField("被困或受伤人数", default=0)
    outcome = models.CharField("处理结果", max_length=300, blank=True)
    settled_at = models.DateTimeField("办结时间", null=True, blank=True)
    incident_url = models.CharField("安全事件", max_length=100, blank=True, editable=False)

    class Meta(Entry.Meta):
        verbose_name = "特种设备故障与事故"
        ordering = ["-happened_at"]

    def __str__(self) -> str:
        return f"{self.device} {self.get_kind_display()}"

    def clean(self) -> None:
        """It lies in the past."""
        if self.happened_at and self.happened_at > clock.now():
            raise ValidationError({"happened_at": "发生时间不能晚于现在"})


def unsettled() -> models.Q:
    """Condition: no outcome is written down yet."""
    return models.Q(settled_at=None)


def held_by_mishap(device: Any) -> str:
    """Why a stopped piece may not be used yet: an entrapment or accident without an outcome; empty: it may."""
    rows = device.mishaps.filter(unsettled(), archived_at=None).exclude(kind=FAULT)
    return "还有没办结的困人或事故，请先登记处理结果" if rows.exists() else ""


def last_grave(device: Any) -> Mishap | None:
    """The latest entrapment or accident of a piece."""
    rows = device.mishaps.filter(archived_at=None).exclude(kind=FAULT)
    found: Mishap | None = rows.order_by("-happened_at").first()
    return found
