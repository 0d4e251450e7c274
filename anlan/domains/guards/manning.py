"""The roster of guards, which must man every shift of every post (D15.4).

Roster, clocking in with place, handover, log and the alert of whoever does not come are those of every duty.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from anlan.base.people import Person
from anlan.base.rostering import Scheme, Shift, declare_scheme, staff_of
from anlan.base.school_days import SchoolDays
from anlan.domains.guards.people import Guard, on_duty
from anlan.domains.guards.posting import EVERY, ONE, TAUGHT, PostShift
from anlan.engines.org.api import OrgUnit


def post_shifts(units: Sequence[OrgUnit], first: date, last: date) -> dict[int, list[Shift]]:
    """What must be manned at each school between two days."""
    calendar, lines = SchoolDays(first, last), defaultdict(list)
    rows = PostShift.objects.unscoped().filter(org__in=units, archived_at=None, post__archived_at=None)
    for line in rows.select_related("post").order_by("begins_at", "pk"):
        lines[line.org_id].append(line)
    days = [first + number * ONE for number in range((last - first).days + 1)]
    return {
        unit.pk: [
            line.on(day)
            for day in days
            for line in lines[unit.pk]
            if line.days == EVERY or calendar.taught(unit, day) == (line.days == TAUGHT)
        ]
        for unit in units
    }


def guards_of(unit: OrgUnit) -> Any:
    """People of the school who are guards on duty."""
    return staff_of(unit).filter(pk__in=Guard.unguarded.filter(on_duty(), org=unit).values("person"))


def no_guard(person: Person, watch: Any) -> str:
    """Why the person may not stand at a post; empty for a guard on duty."""
    return "" if Guard.unguarded.filter(on_duty(), person=person).exists() else f"{person}不是本校在岗保安员"


GUARDS = declare_scheme(Scheme("guards", "保安岗位", post_shifts, guards_of, no_guard, exclusive=True))
