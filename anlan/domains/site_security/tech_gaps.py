"""Devices of schools held against the standard in force: what is there, what lacks, who cannot be judged (D02.7)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field

from anlan.base.schools import School
from anlan.domains.site_security.devices import Condition, Device
from anlan.domains.site_security.surveys import KeyPlace
from anlan.domains.site_security.tech_editions import TechBook, TechClause, TechEdition, clauses_of
from anlan.engines.org.api import Kind, OrgUnit

NO_PROFILE, NO_TYPE = "没有学校档案", "学校档案没有填学校类型"
NO_EDITION, NO_CLAUSE = "没有启用的技防标准", "标准没有适用这类学校的条款"
NOT_SET_UP, WHOLE = "（未设这类部位）", "全校"


@dataclass(frozen=True)
class Need:
    """One clause at one place of a school, in words that outlive both; ``devices``: numbers of what fulfils it."""

    number: str
    text: str
    level: str
    kind: str
    place: str
    device: str
    devices: tuple[str, ...]
    clause: int

    @property
    def lacking(self) -> bool:
        """Nothing fulfils it."""
        return not self.devices


@dataclass(frozen=True)
class Held:
    """A school held against its edition; ``why`` it cannot be, where it cannot."""

    unit: OrgUnit
    edition: TechEdition | None
    type: str = ""
    why: str = ""
    needs: tuple[Need, ...] = ()
    unplaced: tuple[Device, ...] = ()

    def some(self, level: str = "", lacking: bool = False) -> list[Need]:
        """Needs of a level, or only those nothing fulfils."""
        rows = (row for row in self.needs if level in ("", row.level))
        return [row for row in rows if row.lacking or not lacking]

    def rows(self) -> list[dict[str, object]]:
        """Needs in plain values, to be kept."""
        return [asdict(row) for row in self.needs]


@dataclass
class _Stock:
    """Places by kind and devices in use of one school."""

    places: dict[str, list[KeyPlace]] = field(default_factory=lambda: defaultdict(list))
    devices: list[Device] = field(default_factory=list)

    def stands(self, device: Device) -> bool:
        """Whether the device stands at a place of today's survey; places are the same by kind and name."""
        place = device.place
        return place is not None and any(one.name == place.name for one in self.places[place.kind.code])

    def needs(self, clause: TechClause) -> Iterator[Need]:
        """The clause at every place of its kind; nowhere where the school has given a reason for having none."""
        code, fitting = clause.place.code, [one for one in self.devices if clause.accepts(one.kind)]
        places = self.places[code]
        if clause.place.general and not places:
            yield _need(clause, WHOLE, fitting)
        elif not places:
            yield _need(clause, NOT_SET_UP, [])
        for place in places:
            if place.there:
                here = [one for one in fitting if one.place and _spot(one.place) == (code, place.name)]
                yield _need(clause, place.name, here)


def _spot(place: KeyPlace) -> tuple[str, str]:
    return place.kind.code, place.name


def _need(clause: TechClause, place: str, devices: Iterable[Device]) -> Need:
    numbers = tuple(sorted(one.code for one in devices))
    said = (clause.number, clause.text, clause.level, clause.place.title, place, clause.kind.name)
    return Need(*said, numbers, clause.pk)


def _stocks(units: list[OrgUnit]) -> dict[int, _Stock]:
    found: dict[int, _Stock] = defaultdict(_Stock)
    places = KeyPlace.objects.unscoped().filter(org__in=units, archived_at=None, survey__archived_at=None)
    for place in places.select_related("kind"):
        found[place.org_id].places[place.kind.code].append(place)
    devices = Device.objects.unscoped().filter(org__in=units, archived_at=None)
    in_use = devices.exclude(condition=Condition.WITHDRAWN).order_by("code")
    for device in in_use.select_related("kind", "place__kind"):
        found[device.org_id].devices.append(device)
    return found


def held_under(area: OrgUnit) -> list[Held]:
    """Every open school of the area against the edition in force there; four queries, however many schools."""
    schools = OrgUnit.objects.filter(path__startswith=area.path, kind=Kind.SCHOOL, closed_on=None)
    units = list(schools.order_by("path"))
    profiles = School.objects.unscoped().filter(org__in=units, archived_at=None)
    types = dict(profiles.values_list("org", "kind"))
    book, stocks = TechBook(), _stocks(units)
    editions = {unit.pk: book.at(unit.path) for unit in units}
    clauses = clauses_of({one for one in editions.values() if one})
    return [_held(unit, editions[unit.pk], types.get(unit.pk), clauses, stocks[unit.pk]) for unit in units]


def _held(
    unit: OrgUnit,
    edition: TechEdition | None,
    school_type: str | None,
    clauses: dict[int, list[TechClause]],
    stock: _Stock,
) -> Held:
    asked = [one for one in clauses.get(edition.pk if edition else 0, []) if one.asks(school_type or "")]
    why = (
        (NO_PROFILE if school_type is None else "")
        or ("" if school_type else NO_TYPE)
        or ("" if edition else NO_EDITION)
        or ("" if asked else NO_CLAUSE)
    )
    unplaced = tuple(one for one in stock.devices if not stock.stands(one))
    needs = () if why else tuple(need for clause in asked for need in stock.needs(clause))
    return Held(unit, edition, school_type or "", why, needs, unplaced)
