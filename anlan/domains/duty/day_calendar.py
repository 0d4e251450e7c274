"""What each day asks of each school: periods, holidays, shifted working days, own adjustments (S04.1)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from anlan.base.calendar import CalendarSpan, DayKind
from anlan.base.places import Place, PlaceKind
from anlan.base.rostering import Scheme, Shift, declare_scheme
from anlan.domains.duty.periods import (
    BREAK,
    HOLIDAY,
    KEY,
    NONE,
    WEEKEND,
    WORKDAY,
    DayChange,
    Demand,
    Period,
    nearest,
)
from anlan.engines.org.api import OrgUnit
from anlan.kernel import clock

SCHOOL = "school"
ONE = timedelta(days=1)


@dataclass(frozen=True)
class Day:
    """A day at a unit: its kind, why, the unit that says so, and the period it lies in."""

    day: date
    kind: str
    why: str = ""
    said_by: OrgUnit | None = None
    period: Period | None = None


def days_between(first: date, last: date) -> Iterator[date]:
    """Each day, both ends included."""
    while first <= last:
        yield first
        first += ONE


def moment(day: date, at: time) -> datetime:
    """A time of a day in the site's zone."""
    return datetime.combine(day, at, clock.zone())


class DutyCalendar:
    """Everything that speaks about the days between two dates, read once; answers for any number of units."""

    def __init__(self, first: date, last: date) -> None:
        within = Q(first__lte=last, last__gte=first, archived_at=None)
        self.periods = list(Period.objects.unscoped().filter(within).select_related("org"))
        spans = CalendarSpan.objects.unscoped().filter(within).select_related("org")
        self.spans = list(spans.order_by("-pk"))
        self.changes: dict[date, dict[str, DayChange]] = defaultdict(dict)
        changes = DayChange.objects.unscoped().filter(day__range=(first, last), archived_at=None)
        for change in changes.select_related("org"):
            self.changes[change.day][change.org.path] = change
        self.demands: dict[tuple[str, int | None], dict[str, list[Demand]]] = defaultdict(dict)
        demands = Demand.objects.unscoped().filter(archived_at=None).select_related("org")
        for demand in demands.order_by("begins_at", "pk"):
            lines = self.demands[demand.kind, demand.period_id].setdefault(demand.org.path, [])
            lines.append(demand)

    def period(self, unit: OrgUnit, day: date) -> Period | None:
        """The period of the nearest unit that covers the day."""
        found = {row.org.path: row for row in self.periods if row.first <= day <= row.last}
        covering: Period | None = nearest(found, unit)
        return covering

    def day(self, unit: OrgUnit, day: date) -> Day:
        """What kind of day it is there: the own adjustment first, then period, holiday and shifted working day.

        A shifted working day asks for no holiday duty, be it inside a holiday or a break; an important period
        asks for its duty on every day.
        """
        period = self.period(unit, day)
        if change := nearest(self.changes[day], unit):
            return Day(day, change.kind, change.reason, change.org, period)
        span = next(
            (s for s in self.spans if s.first <= day <= s.last and unit.path.startswith(s.org.path)), None
        )
        if period and period.kind == KEY:
            return Day(day, KEY, period.name, period.org, period)
        if span and span.kind == DayKind.WORKDAY:
            return Day(day, WORKDAY, f"{span.name}（调休上班）", span.org, period)
        if period and period.kind in (HOLIDAY, BREAK):
            return Day(day, period.kind, period.name, period.org, period)
        if span:
            return Day(day, HOLIDAY, span.name, span.org, period)
        return Day(day, WORKDAY if day.weekday() < 5 else WEEKEND, "", None, period)

    def demanded(self, unit: OrgUnit, day: Day) -> list[Demand]:
        """The lines that count: those of the period itself, else those of the kind of day; the nearest unit's."""
        if day.kind == NONE:
            return []
        own = nearest(self.demands[day.kind, day.period.pk], unit) if day.period else None
        return list(own or nearest(self.demands[day.kind, None], unit) or [])


def _shift(day: date, line: Demand, place: Place | None) -> Shift:
    begins = moment(day, line.begins_at)
    ends = moment(day + ONE if line.ends_at <= line.begins_at else day, line.ends_at)
    return Shift(day, line.name, begins, ends, line.leaders, line.members, place, line.reports)


def school_shifts(units: Sequence[OrgUnit], first: date, last: date) -> dict[int, list[Shift]]:
    """The shifts each school must man; a school of several campuses mans each of them."""
    book = DutyCalendar(first, last)
    campuses: dict[int, list[Place | None]] = defaultdict(list)
    rows = Place.objects.unscoped().filter(org__in=units, kind=PlaceKind.CAMPUS, archived_at=None)
    for place in rows.order_by("pk"):
        campuses[place.org_id].append(place)
    found: dict[int, list[Shift]] = {}
    for unit in units:
        several = campuses.get(unit.pk, [])
        places = several if len(several) > 1 else [None]
        found[unit.pk] = [
            _shift(day, line, place)
            for day in days_between(first, last)
            for line in book.demanded(unit, book.day(unit, day))
            for place in places
        ]
    return found


declare_scheme(Scheme(SCHOOL, "学校值班", school_shifts))
