"""How a row with a last valid day stands: valid, near its end, past it, or without end."""

from datetime import date
from typing import Any

from anlan.kernel import clock

EXPIRING = 30
STANDINGS = {
    "valid": ("done", "有效"),
    "expiring": ("todo", "即将到期"),
    "expired": ("late", "已过期"),
    "endless": ("idle", "长期"),
}


def standing_of(day: date | None, days: int, today: date) -> str:
    """How a row stands whose last valid day is ``day``, near from ``days`` before it on."""
    if day is None:
        return "endless"
    if day < today:
        return "expired"
    return "expiring" if (day - today).days <= days else "valid"


def shown(row: Any, name: str) -> tuple[str, str]:
    """Tone and word for the date ``name`` of a row; rows of a list carry the lead time of their unit.

    What is out of use (``at_rest``) is not judged.
    """
    if getattr(row, "at_rest", False):
        return "idle", "不计"
    return STANDINGS[standing_of(getattr(row, name), getattr(row, "lead_days", EXPIRING), clock.today())]
