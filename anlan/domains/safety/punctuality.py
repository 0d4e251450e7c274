"""How many hazards were closed in time.

A hazard counts once it is closed, or open and past its deadline. It was closed in time when no step of it came
after the deadline set by the step before; an agreed extension counts as that deadline.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.pressing import Extension
from anlan.engines.org.api import Kind
from anlan.engines.registry.api import overdue_condition
from anlan.engines.workflow.api import Step


@dataclass
class Rate:
    """Hazards that were due, and those of them closed in time."""

    due: int = 0
    timely: int = 0

    @property
    def share(self) -> float:
        """In percent; 100 where none was due."""
        return self.timely / self.due * 100 if self.due else 100.0

    @property
    def shown(self) -> str:
        """In words, never rounded up to all."""
        return "100%" if self.timely == self.due else f"{int(self.share * 10) / 10:g}%"


def punctual(hazards: Any) -> Rate:
    """The rate of these hazards."""
    late = _closed_late(hazards)
    closed = set(hazards.filter(state="closed").values_list("pk", flat=True))
    overdue = hazards.exclude(state__in=("closed", "void")).filter(overdue_condition()).count()
    return Rate(len(closed) + overdue, len(closed - late))


def by_town(hazards: Any) -> dict[str, Rate]:
    """The same for each town with a hazard due, by its short name."""
    late, found = _closed_late(hazards), defaultdict[str, Rate](Rate)
    rows = hazards.filter(org__parent__kind=Kind.TOWNSHIP)
    closed = rows.filter(state="closed").values_list("pk", "org__parent__name")
    overdue = rows.exclude(state__in=("closed", "void")).filter(overdue_condition())
    for pk, town in closed:
        found[town].due += 1
        found[town].timely += pk not in late
    for town in overdue.values_list("org__parent__name", flat=True):
        found[town].due += 1
    return {name.removesuffix("教委办"): rate for name, rate in found.items()}


def _closed_late(hazards: Any) -> set[int]:
    """Hazards one of whose steps came after its deadline."""
    seen = hazards.values("pk")
    granted = dict(
        Extension.unguarded.filter(hazard__in=seen, state="agreed")
        .order_by("until")
        .values_list("hazard", "until")
    )
    steps = Step.objects.filter(model=Hazard._meta.label_lower, object_id__in=seen).order_by("pk")
    before: dict[int, datetime | None] = {}
    late: set[int] = set()
    for pk, at, due in steps.values_list("object_id", "at", "due_at"):
        deadline = before.get(pk)
        if deadline and at > max(deadline, granted.get(pk, deadline)):
            late.add(pk)
        before[pk] = due
    return late
