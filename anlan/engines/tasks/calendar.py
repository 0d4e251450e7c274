"""Working days. The school calendar is base data; it registers itself here as the one provider."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from anlan.kernel import clock

WorkingDay = Callable[[date], bool]
_provider: list[WorkingDay] = []
DAY_ENDS = time(17, 0)


def provide_calendar(is_working_day: WorkingDay) -> None:
    """Make ``is_working_day`` the site's calendar."""
    _provider[:] = [is_working_day]


def is_working_day(day: date) -> bool:
    """Whether offices work that day; Monday to Friday until a calendar is provided."""
    return _provider[0](day) if _provider else day.weekday() < 5


def working_days_after(start: date, days: int) -> date:
    """The ``days``-th working day after ``start``."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day)
    return day


def due_in(days: int, start: datetime | None = None) -> datetime:
    """The end of office hours on the ``days``-th working day from ``start`` (now by default), in UTC."""
    begin = (start or clock.now()).astimezone(clock.zone()).date()
    return datetime.combine(working_days_after(begin, days), DAY_ENDS, clock.zone())
