"""Rosters of every kind: who must be where and when, declared by a module, drawn up by the duty module (S04.2).

A module declares its scheme (guards at posts, keepers of a dormitory, the monitoring room); pages, rotation, import,
refusals, reporting, swaps, signing in and log are the same for all of them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from anlan.base.people import Person
from anlan.base.places import Place
from anlan.engines.org.api import OrgUnit
from anlan.kernel.registry import Registry

LEADER, MEMBER = "leader", "member"
PARTS = [(LEADER, "带班领导"), (MEMBER, "值班人员")]


@dataclass(frozen=True)
class Shift:
    """A shift that must be manned: ``day`` is the day it begins, ``place`` a campus, a post or a building.

    ``reports`` are times of day ("22:00 06:00") at which those on duty say that all is well.
    """

    day: date
    name: str
    begins_at: datetime
    ends_at: datetime
    leaders: int
    members: int
    place: Place | None = None
    reports: str = ""

    @property
    def key(self) -> tuple[date, str, int | None]:
        """What names the shift within a roster."""
        return self.day, self.name, self.place.pk if self.place else None


Shifts = Callable[[Sequence[OrgUnit], date, date], Mapping[int, list[Shift]]]


def staff_of(unit: OrgUnit) -> Any:
    """People who work at the unit now."""
    return Person.unguarded.filter(org=unit, archived_at=None).order_by("pinyin", "pk")


def _fit(person: Person, shift: Any) -> str:
    return ""


@dataclass(frozen=True)
class Scheme:
    """A kind of roster. ``shifts`` gives, by unit, what must be manned between two days; ``pool`` who may be put on it.

    ``unfit`` says why this person may not stand in this shift (a man in a girls' building), empty where he may.
    ``exclusive``: nobody is put into two shifts at one time, not even in a draft. ``unproved``: condition on turns
    (``person``, ``watch__day``) of people who may stand there but lack the valid ``proof`` (in words) on the day;
    it warns and is listed, and forbids nothing.
    """

    code: str
    title: str
    shifts: Shifts
    pool: Callable[[OrgUnit], Any] = staff_of
    unfit: Callable[[Person, Any], str] = _fit
    exclusive: bool = False
    unproved: Callable[[], Q] | None = None
    proof: str = ""


schemes: Registry[Scheme] = Registry("roster scheme")


def declare_scheme(scheme: Scheme) -> Scheme:
    """Have it drawn up like every other roster."""
    return schemes.add(scheme.code, scheme)


def titles_of_schemes() -> Iterable[tuple[str, str]]:
    """Code and words of every scheme, as the choices of a field."""
    return [(scheme.code, scheme.title) for scheme in schemes]
