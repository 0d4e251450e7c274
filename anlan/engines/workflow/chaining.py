"""Chains: every record knows what it came from and what came of it, and none stands still unseen (X.2).

A domain declares for each of its models the records before and after it; pages, the report of stalled chains and
the tests follow. Links are never deleted: :class:`Record` refuses it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from anlan.engines.org.api import OrgUnit, Record
from anlan.kernel import clock
from anlan.kernel.registry import Registry

Neighbours = Callable[[Any], Iterable[Record]]
DEFAULT_DAYS, MOST = 7, 30


def _none(record: Any) -> Iterable[Record]:
    return ()


@dataclass(frozen=True)
class Link:
    """A model in a chain; ``awaiting`` are its rows that somebody still has to move (None: it never waits)."""

    model: type[Record]
    before: Neighbours = _none
    after: Neighbours = _none
    awaiting: Q | None = None

    def stalled(self, rows: Any, days: int) -> Any:
        """Those of ``rows`` that wait and have not moved for longer than ``days``, longest first."""
        limit = clock.now() - timedelta(days=days)
        found = rows.filter(archived_at=None, updated_at__lt=limit)
        return found.filter(self.awaiting).order_by("updated_at", "pk") if self.awaiting else found.none()


links: Registry[Link] = Registry("chain link")


def chain(
    model: type[Record], *, before: Neighbours = _none, after: Neighbours = _none, awaiting: Q | None = None
) -> Link:
    """Put a model into its chain; see :class:`Link`."""
    return links.add(model._meta.label_lower, Link(model, before, after, awaiting))


def link_of(model: type[models.Model]) -> Link | None:
    """How records of a model are linked, if they are."""
    return links.get(model._meta.label_lower)


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
