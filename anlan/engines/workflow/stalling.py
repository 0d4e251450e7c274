"""How long a chain may stand still at a unit before it counts as stalled (X.2)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from anlan.engines.org.api import OrgUnit, Record

DEFAULT_DAYS = 7


class StallLimit(Record):
    """After how many days without movement a chain counts as stalled, at a unit and below it."""

    INHERITED = True

    days = models.PositiveSmallIntegerField(
        "停滞天数", default=DEFAULT_DAYS, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )

    class Meta(Record.Meta):
        verbose_name = "停滞期限"
        constraints = [
            models.UniqueConstraint(
                fields=["org"],
                name="workflow_stall_limit_once",
                condition=Q(archived_at=None),
                violation_error_message="这个单位已经设置过",
            )
        ]

    def __str__(self) -> str:
        return f"{self.org} {self.days} 天"


def stall_days(unit: OrgUnit) -> int:
    """The limit in force at a unit: its own, else the nearest above, else seven days."""
    rows = StallLimit.objects.unscoped().filter(org__code__in=unit.ancestor_codes(), archived_at=None)
    nearest = rows.order_by("-org__path").first()
    return nearest.days if nearest else DEFAULT_DAYS
