"""School years, August to July, told as 2026-2027."""

from datetime import date

BEGINS = 8


def school_year(day: date) -> str:
    """The school year of a day."""
    first = day.year if day.month >= BEGINS else day.year - 1
    return f"{first}-{first + 1}"
