"""Days on which schools teach: working days of the calendar that lie in no vacation (D15.4, N1.12, N1.19)."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db.models import Q

from anlan.base.calendar import CalendarSpan, DayKind, Term
from anlan.engines.org.api import OrgUnit
from anlan.engines.tasks.api import school_days

AROUND = timedelta(days=200)


class SchoolDays:
    """Everything that speaks about the days between two dates, read once; answers for any number of units."""

    def __init__(self, first: date, last: date) -> None:
        within = Q(first__lte=last, last__gte=first, archived_at=None)
        self.spans = list(CalendarSpan.unguarded.filter(within).select_related("org").order_by("-pk"))
        near = Q(first__lte=last + AROUND, last__gte=first - AROUND, archived_at=None)
        self.terms = list(Term.unguarded.filter(near).select_related("org"))

    def taught(self, unit: OrgUnit, day: date) -> bool:
        """Whether the school teaches on ``day``, by the calendar and the terms of the units above it."""
        return school_days(self._works_at(unit), self._terms_of(unit))(day)

    def _works_at(self, unit: OrgUnit) -> Callable[[date], bool]:
        def works(day: date) -> bool:
            here = (one for one in self.spans if one.first <= day <= one.last)
            said = next((one.kind for one in here if unit.path.startswith(one.org.path)), None)
            return said == DayKind.WORKDAY if said else day.weekday() < 5

        return works

    def _terms_of(self, unit: OrgUnit) -> list[tuple[date, date]]:
        above = [term for term in self.terms if unit.path.startswith(term.org.path)]
        nearest = max((len(term.org.path) for term in above), default=0)
        return [(term.first, term.last) for term in above if len(term.org.path) == nearest]
