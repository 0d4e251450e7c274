"""Clocks and limits of technical protection, as a district sets them; the nearest unit's line counts (N1.24, N1.25)."""

from datetime import timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from anlan.base.roles import ABOVE, rights
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import Entry, Ledger, ledger

LEAST_DAYS = 30


def _number(title: str, default: int, least: int, most: int) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        title, default=default, validators=[MinValueValidator(least), MaxValueValidator(most)]
    )


class DeviceLimit(Entry):
    """What a unit sets for itself and all below; the standard of 2012 asks for 24 hours and 30 days."""

    INHERITED = True

    accept_hours = _number("多少小时内受理", 4, 1, 24)
    restore_hours = _number("多少小时内恢复", 24, 1, 24)
    interim_minutes = _number("多少分钟内采取临时措施", 60, 5, 1440)
    silent_minutes = _number("多少分钟没有心跳算故障", 5, 1, 1440)
    keep_days = _number("录像保存天数", LEAST_DAYS, LEAST_DAYS, 365)

    class Meta(Entry.Meta):
        verbose_name = "技防时限"
        constraints = [
            models.UniqueConstraint(
                fields=["org"],
                name="site_security_limit_once",
                condition=Q(archived_at=None),
                violation_error_message="这个单位已经设置过",
            )
        ]

    @property
    def restore(self) -> timedelta:
        """How long a fault may last."""
        return timedelta(hours=self.restore_hours)


def limits_at(unit: OrgUnit) -> DeviceLimit:
    """Those in force at a unit: its own, else the nearest above, else the standard ones (not stored)."""
    rows = DeviceLimit.objects.unscoped().filter(org__code__in=unit.ancestor_codes(), archived_at=None)
    return rows.order_by("-org__path").first() or DeviceLimit(org=unit)


@ledger
class DeviceLimits(Ledger):
    """Settings of districts."""

    model = DeviceLimit
    title, noun, icon = "技防时限设置", "条", "settings"
    area, group, order = "safety", "设置", 980
    columns = "org accept_hours restore_hours interim_minutes silent_minutes keep_days"
    filters, search, key = "org", "org__name", "org"
    example = {"restore_hours": 24, "keep_days": 30}
    roles = rights(" ".join(ABOVE), "bureau_safety upper_safety")
