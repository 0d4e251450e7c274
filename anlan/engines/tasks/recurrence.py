"""Recurrence arithmetic: on which days the rounds of a plan open. Pure: days and terms come in."""

from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from django.db import models

LONGEST_SEARCH = 400


class Repeat(models.TextChoices):
    """How a plan repeats."""

    ONCE = "once", "不重复"
    DAILY = "daily", "每天"
    WEEKLY = "weekly", "每周"
    MONTHLY = "monthly", "每月"
    TERM = "term", "每学期"
    INTERVAL = "interval", "每隔若干天"


@dataclass(frozen=True)
class Opening:
    """A round to be: its number, counted without regard to holidays, and its day."""

    number: int
    day: date


@dataclass(frozen=True)
class Rhythm:
    """When a plan's rounds open between two days, both included.

    ``open_on`` says on which days a round may open; None lets every day pass. A round whose day is closed
    moves to the first open day before the next round, and is left out where there is none: a daily round on a
    holiday does not take place, a weekly one moves within its week, and a week of holidays has no round.
    """

    repeat: str
    starts_on: date
    ends_on: date
    interval_days: int = 0
    terms: Sequence[tuple[date, date]] = ()
    open_on: Callable[[date], bool] | None = None

    def openings(self, until: date | None = None) -> Iterator[Opening]:
        """Rounds that open up to ``until``, in order."""
        limit = min(until, self.ends_on) if until else self.ends_on
        days = self._days()
        following = next(days, None)
        for number in count(1):
            day, following = following, next(days, None)
            if day is None or day > limit:
                return
            moved = self._moved(day, following)
            if moved is not None and moved <= limit:
                yield Opening(number, moved)

    def _days(self) -> Iterator[date]:
        if self.repeat == Repeat.TERM:
            starts = sorted(
                {max(first, self.starts_on) for first, last in self.terms if last >= self.starts_on}
            )
            yield from starts or [self.starts_on]
            return
        if self.repeat == Repeat.ONCE:
            yield self.starts_on
            return
        yield from map(self._nth, count())

    def _nth(self, n: int) -> date:
        if self.repeat == Repeat.MONTHLY:
            return months_later(self.starts_on, n)
        steps = {Repeat.DAILY: 1, Repeat.WEEKLY: 7, Repeat.INTERVAL: self.interval_days}
        step = steps[Repeat(self.repeat)]
        if step < 1:
            raise ValueError("an interval is at least one day")
        return self.starts_on + timedelta(days=step * n)

    def _moved(self, day: date, following: date | None) -> date | None:
        if self.open_on is None:
            return day
        end = min(
            following or date.max, self.ends_on + timedelta(days=1), day + timedelta(days=LONGEST_SEARCH)
        )
        while day < end:
            if self.open_on(day):
                return day
            day += timedelta(days=1)
        return None


def months_later(start: date, months: int) -> date:
    """The same day ``months`` later; the last of the month where that month is too short."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def school_days(works: Callable[[date], bool], terms: Sequence[tuple[date, date]]) -> Callable[[date], bool]:
    """Working days that lie in no vacation, a vacation being the gap between two known terms."""

    def open_on(day: date) -> bool:
        within = any(first <= day <= last for first, last in terms)
        between = any(last < day for _, last in terms) and any(first > day for first, _ in terms)
        return works(day) and (within or not between)

    return open_on
