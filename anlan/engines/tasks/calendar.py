"""Working days and terms. The school calendar is base data; it registers itself here as the one provider."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from anlan.kernel import clock

WorkingDay = Callable[[date], bool]
Span = tuple[date, date]
Terms = Callable[[Any, date, date], list[Span]]
_provider: list[WorkingDay] = []
_terms: list[Terms] = []
DAY_ENDS = time(17, 0)


def provide_calendar(is_working_day: WorkingDay) -> None:
    """Make ``is_working_day`` the site's calendar."""
    _provider[:] = [is_working_day]


def provide_terms(terms: Terms) -> None:
    """Make ``terms(unit, first, last)`` give a unit's terms that touch a period, as (first, last) days."""
    _terms[:] = [terms]


def is_working_day(day: date) -> bool:
    """Whether offices work that day; Monday to Friday until a calendar is provided."""
    return _provider[0](day) if _provider else day.weekday() < 5


def terms_of(unit: Any, first: date, last: date) -> list[Span]:
    """Terms of the unit that touch the period, in order; none until a provider gives them."""
    return sorted(_terms[0](unit, first, last)) if _terms else []


def working_days_after(start: date, days: int) -> date:
    """The ``days``-th working day after ``start``."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def day_end(day: date) -> datetime:
    """The end of office hours on a day."""
    return datetime.combine(day, DAY_ENDS, clock.zone())


def due_in(days: int, start: datetime | None = None) -> datetime:
    """The end of office hours on the ``days``-th working day from ``start`` (now by default), in UTC."""
    begin = (start or clock.now()).astimezone(clock.zone()).date()
    return day_end(working_days_after(begin, days))
