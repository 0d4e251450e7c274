"""How complete the safety ledgers of schools are, by entry and period; computed from the rows, never stored (S06.4)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Count
from django.db.models.functions import TruncMonth

from anlan.domains.accounts.exemptions import Exemption
from anlan.domains.accounts.items import Item
from anlan.domains.accounts.sections import Section, of_unit, sections_for
from anlan.domains.accounts.sources import Monthly, Source
from anlan.domains.accounts.years import Period, month_end, months_of, periods_of
from anlan.engines.org.api import OrgUnit, below
from anlan.kernel import clock

ItemKey = tuple[int, int, str, date]  # unit, entry, material, month


@dataclass(frozen=True)
class Slot:
    """What is required of an entry in a period (of a material, where it names some), and what is there."""

    section: Section
    period: Period
    material: str
    needed: int
    automatic: int
    manual: int
    exempt: bool

    @property
    def there(self) -> int:
        """How much of what is needed."""
        return min(self.needed, self.automatic + self.manual)

    @property
    def over(self) -> bool:
        """The period has ended."""
        return self.period.last < clock.today()

    @property
    def missing(self) -> int:
        """How much is not there; nothing where the entry does not apply."""
        return 0 if self.exempt else self.needed - self.there

    @property
    def words(self) -> str:
        """Which entry, material and period."""
        named = f"{self.section.title}：{self.material}" if self.material else self.section.title
        return f"{named}（{self.period.title}）"


@dataclass(frozen=True)
class Degree:
    """Slots of one school, or of one entry of it."""

    slots: list[Slot]

    @cached_property
    def counted(self) -> list[Slot]:
        """The base: without what does not apply."""
        return [one for one in self.slots if not one.exempt]

    @property
    def needed(self) -> int:
        """How many items are required."""
        return sum(one.needed for one in self.counted)

    @property
    def there(self) -> int:
        """How many of them are there."""
        return sum(one.there for one in self.counted)

    @property
    def percent(self) -> int | None:
        """Whole percent, rounded down; None where nothing is required."""
        return self.there * 100 // self.needed if self.needed else None

    @property
    def shown(self) -> str:
        """The degree in words."""
        return "不适用" if self.percent is None else f"{self.percent}%"

    @cached_property
    def missing(self) -> list[Slot]:
        """What is not there, ended periods first."""
        found = [one for one in self.counted if one.missing]
        return sorted(found, key=lambda one: (not one.over, one.period.last))

    @property
    def late(self) -> int:
        """How many are missing of ended periods."""
        return sum(one.missing for one in self.missing if one.over)

    @property
    def exempt(self) -> int:
        """How many entries and periods do not apply."""
        return sum(one.exempt for one in self.slots)


@dataclass
class Year:
    """The ledgers of an area in a school year: a few queries, however many schools."""

    area: OrgUnit
    year: str
    _found: dict[Source, Monthly] = field(default_factory=dict)
    _periods: dict[str, list[Period]] = field(default_factory=dict)

    @cached_property
    def sections(self) -> list[Section]:
        """Entries in force."""
        return sections_for(self.area, self.year)

    @cached_property
    def span(self) -> tuple[date, date]:
        """First and last day."""
        months = months_of(self.year)
        return months[0], month_end(months[-1])

    @cached_property
    def _items(self) -> dict[ItemKey, int]:
        rows = (
            Item.objects.unscoped()
            .filter(below((self.area.path,)), archived_at=None, day__range=self.span)
            .exclude(state="returned")
        )
        month = TruncMonth("day", output_field=models.DateField())
        counted = rows.order_by().annotate(month=month).values_list("org", "section", "material", "month")
        return {(*key, month): n for *key, month, n in counted.annotate(n=Count("pk"))}

    @cached_property
    def _exempt(self) -> set[tuple[int, int, str]]:
        rows = Exemption.objects.unscoped().filter(below((self.area.path,)), year=self.year, state="agreed")
        return set(rows.filter(archived_at=None).values_list("org", "section", "period"))

    def periods(self, section: Section) -> list[Period]:
        """Periods that have begun."""
        if section.period not in self._periods:
            self._periods[section.period] = periods_of(section.period, self.area, self.year)
        return [one for one in self._periods[section.period] if one.first <= clock.today()]

    def _automatic(self, section: Section, unit: OrgUnit) -> dict[date, int]:
        source = section.rows_source
        if source is None:
            return {}
        if source not in self._found:
            self._found[source] = source.monthly(self.area, *self.span)
        return self._found[source].get(unit.pk, {})

    def slots(self, unit: OrgUnit) -> list[Slot]:
        """Everything required of a school so far."""
        return [slot for section in of_unit(self.sections, unit) for slot in self.slots_of(unit, section)]

    def slots_of(self, unit: OrgUnit, section: Section) -> list[Slot]:
        """What one entry requires so far."""
        arrived = self._automatic(section, unit)
        return [
            self._slot(unit, section, period, name, sum(arrived.get(month, 0) for month in period.months))
            for period in self.periods(section)
            for name in (section.material_names if not section.source else [""])
        ]

    def _slot(self, unit: OrgUnit, section: Section, period: Period, name: str, automatic: int) -> Slot:
        among = {name} if name and name != section.material_names[0] else {name, ""}
        if section.source:
            among |= set(section.material_names)
        manual = sum(
            self._items.get((unit.pk, section.pk, one, month), 0) for one in among for month in period.months
        )
        asked = {(unit.pk, section.pk, ""), (unit.pk, section.pk, period.code)}
        needed = section.required if section.source else 1
        return Slot(section, period, name, needed, automatic, manual, bool(asked & self._exempt))

    def degree(self, unit: OrgUnit) -> Degree:
        """Of a school."""
        return Degree(self.slots(unit))

    def material(self, unit: OrgUnit) -> tuple[int, int]:
        """Automatic rows, each once however many entries they belong to, and rows entered by hand."""
        places = {one.rows_source for one in of_unit(self.sections, unit)} - {None}
        keys: set[tuple[str, int]] = set()
        for source in places:
            keys |= source.keys(unit, *self.span)  # type: ignore[union-attr]
        return len(keys), sum(n for (org, *_), n in self._items.items() if org == unit.pk)


def by_section(slots: Iterable[Slot]) -> list[tuple[Section, Degree]]:
    """Degrees of the entries, in order."""
    found: dict[Section, list[Slot]] = defaultdict(list)
    for slot in slots:
        found[slot.section].append(slot)
    return [(section, Degree(mine)) for section, mine in found.items()]


def schools_below(area: OrgUnit) -> Any:
    """Open schools at or below a unit."""
    return OrgUnit.objects.filter(path__startswith=area.path, kind="school", closed_on=None).order_by("path")
