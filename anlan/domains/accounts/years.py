"""School years (August to July) and the periods a safety ledger is kept by."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError

from anlan.engines.tasks.api import terms_of
from anlan.kernel import clock
from anlan.kernel.school_years import BEGINS, school_year

SPRING = 2
TAUGHT = (9, 10, 11, 12, 1, 3, 4, 5, 6)  # months with lessons where no terms are laid down
ENOUGH = timedelta(days=6)
PERIODS = [("year", "每学年"), ("term", "每学期"), ("month", "每月")]
Months = tuple[date, ...]


@dataclass(frozen=True)
class Period:
    """A part of a school year: its code, words, and whole months (their first days) it is made of."""

    code: str
    title: str
    months: Months

    @property
    def first(self) -> date:
        """Its first day."""
        return self.months[0]

    @property
    def last(self) -> date:
        """Its last day."""
        return month_end(self.months[-1])


def month_end(first: date) -> date:
    """The last day of the month."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def this_year() -> str:
    """The school year of today."""
    return school_year(clock.today())


def shifted(year: str, by: int) -> str:
    """The school year so many years later, or earlier."""
    first = int(year[:4]) + by
    return f"{first}-{first + 1}"


def check_year(year: str) -> None:
    """Validator: two years in a row, such as 2026-2027."""
    if not (year[:4].isdecimal() and 1990 <= int(year[:4]) <= 2190 and year == shifted(year, 0)):
        raise ValidationError("学年要写成 2026-2027 这样")


def months_of(year: str) -> Months:
    """First days of the twelve months of a school year."""
    start = int(year[:4]) * 12 + BEGINS - 1
    return tuple(date(number // 12, number % 12 + 1, 1) for number in range(start, start + 12))


def periods_of(kind: str, unit: Any, year: str) -> list[Period]:
    """The periods of a school year: the year, its two halves, or the months in which the unit has lessons."""
    months = months_of(year)
    if kind == "year":
        return [Period("", f"{year} 学年", months)]
    if kind == "term":
        split = (SPRING - BEGINS) % 12
        return [Period("1", "上学期", months[:split]), Period("2", "下学期", months[split:])]
    terms = terms_of(unit, months[0], month_end(months[-1]))
    return [
        Period(f"{month:%Y-%m}", f"{month.year}年{month.month}月", (month,))
        for month in months
        if (_touched(month, terms) if terms else month.month in TAUGHT)
    ]


def period_title(kind: str, day: date) -> str:
    """The period a day lies in, in words."""
    year = school_year(day)
    if kind == "year":
        return f"{year} 学年"
    if kind == "term":
        return f"{year} 学年{'上学期' if day.month >= BEGINS or day.month < SPRING else '下学期'}"
    return f"{day.year}年{day.month}月"


def _touched(month: date, terms: list[tuple[date, date]]) -> bool:
    return any(min(month_end(month), last) - max(month, first) >= ENOUGH for first, last in terms)
