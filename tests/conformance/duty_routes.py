"""Addresses of duty: rights, subject, and whether a rule narrows them (see ``Address``)."""

from typing import Any

from tests.conformance.subjects import of_model

PERIODS = "duty.periods.view"
DUTY: dict[str, tuple[Any, ...]] = {
    "duty/calendar/": (PERIODS, lambda unit: {}, True),
    "duty/calendar/<int:pk>/": (PERIODS, lambda unit: {"pk": unit.pk}),
    "duty/rosters/<int:pk>/grid/": ("duty.rosters.edit", of_model("duty.Roster")),
}
