"""What the lines of a report may stand for: the filters of its list, units also by level, dates by month and year.

Only what a filter of the list can open is offered, so that no number stands without its rows.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F
from django.db.models.functions import TruncMonth, TruncYear
from django.http import QueryDict

from anlan.engines.org.api import Kind, OrgUnit, below, scope
from anlan.engines.registry.data import path, title_of
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.filtering import EXACT, UNSET, listed_in
from anlan.engines.registry.wording import titles_of
from anlan.kernel import clock

Key = Any
MONTH, YEAR = "month", "year"
SPANS = {MONTH: "按月", YEAR: "按年"}
LEVELS = {Kind.CITY.value: "按市", Kind.COUNTY.value: "按县区", Kind.TOWNSHIP.value: "按镇街"}


@dataclass(frozen=True)
class Dimension:
    """A field of the rows (``name``, a filter of the list); ``span`` of a date, ``level`` of units."""

    code: str
    title: str
    name: str
    field: Any
    span: str = ""
    level: str = ""

    @property
    def expression(self) -> Any:
        """What the database groups by."""
        if self.span:
            zone = clock.zone() if isinstance(self.field, models.DateTimeField) else None
            return (TruncMonth if self.span == MONTH else TruncYear)(self.name, tzinfo=zone)
        return F(f"{self.name}__path" if self.level else self.name)

    @property
    def of_units(self) -> bool:
        """Whether its lines are units."""
        return bool(self.field.is_relation) and issubclass(self.field.related_model, OrgUnit)

    def keys(self, values: set[Any]) -> dict[Any, Key]:
        """The key of the line for each value of the database; None: not filled in."""
        if self.level:
            return _at_level(values, self.level)
        if self.of_units:
            return {value: value and (value, True) for value in values}
        return {value: None if value == "" else _plain(value) for value in values}

    def titles(self, ledger: Ledger, keys: set[Key]) -> dict[Key, str]:
        """Words of the lines; none for what is not filled in."""
        known = {key for key in keys if key is not None}
        if self.span:
            return {key: f"{key:%Y-%m}" if self.span == MONTH else f"{key:%Y} 年" for key in known}
        if self.of_units:
            names = dict(OrgUnit.objects.filter(pk__in=[pk for pk, _ in known]).values_list("pk", "name"))
            return {key: f"{names[key[0]]}{'（本级）' if self.level and key[1] else ''}" for key in known}
        if isinstance(self.field, models.BooleanField):
            return {True: "是", False: "否"}
        return titles_of(ledger, self.name, known)

    def open(self, said: QueryDict, key: Key) -> None:
        """Narrow a query string to one line."""
        if key is None:
            _mark(said, UNSET, self.name)
            for name in (self.name, f"{self.name}_from", f"{self.name}_to"):
                said.pop(name, None)
        elif self.span:
            self._open_span(said, key)
        elif self.of_units:
            self._open_unit(said, *key)
        else:
            said[self.name] = {True: "1", False: "0"}.get(key, str(key)) if key in (True, False) else str(key)

    def _open_span(self, said: QueryDict, first: date) -> None:
        last = (first + timedelta(days=32 if self.span == MONTH else 366)).replace(day=1) - timedelta(days=1)
        asked_first, asked_last = (said.get(f"{self.name}_{end}") for end in ("from", "to"))
        said[f"{self.name}_from"] = max(f"{first}", asked_first or "")
        said[f"{self.name}_to"] = min(f"{last}", asked_last or f"{last}")

    def _open_unit(self, said: QueryDict, unit: int, exactly: bool) -> None:
        asked = [value for value in said.getlist(self.name) if value]
        if exactly:
            _mark(said, EXACT, self.name)
        elif asked:
            # What was asked for may lie within the unit of the line, which must not widen it.
            here = OrgUnit.objects.get(pk=unit).path
            paths = OrgUnit.objects.filter(pk__in=asked).values_list("pk", "path")
            within = [str(pk) for pk, there in paths if there.startswith(here)]
            said.setlist(self.name, within or [str(unit)])
            return
        said[self.name] = str(unit)


def dimensions(ledger: Ledger, user: Any) -> dict[str, Dimension]:
    """What this person may group the rows of the ledger by, by its code."""
    found = [one for name in ledger.filter_names for one in _ways(ledger, user, name)]
    return {one.code: one for one in found}


def _ways(ledger: Ledger, user: Any, name: str) -> Iterator[Dimension]:
    fields = path(ledger.model, name)
    field, title = fields[-1], ledger.words.get(name) or title_of(fields)
    if _sensitive(ledger, name, field) or any(one.one_to_many or one.many_to_many for one in fields):
        return
    if isinstance(field, models.DateField):
        for span, words in SPANS.items():
            yield Dimension(f"{name}.{span}", f"{title}（{words}）", name, field, span=span)
    elif field.is_relation and issubclass(field.related_model, OrgUnit):
        for kind in _levels(ledger, user) if name == "org" else ():
            yield Dimension(f"{name}.{kind}", f"{title}（{LEVELS[kind]}）", name, field, level=kind)
        yield Dimension(name, title, name, field)
    elif _has_few_values(ledger, name, field):
        yield Dimension(name, title, name, field)


def _sensitive(ledger: Ledger, name: str, field: Any) -> bool:
    """Masked, or a person whom the ledger may hide."""
    if any(name == masked or name.startswith(f"{masked}__") for masked in ledger.masked):
        return True
    a_person = field.is_relation and hasattr(field.related_model, "USERNAME_FIELD")
    return a_person and type(ledger).veiled is not Ledger.veiled


def _has_few_values(ledger: Ledger, name: str, field: Any) -> bool:
    told = field.choices or isinstance(field, models.BooleanField) or field.name == "state"
    return bool(field.is_relation or told or name in ledger.offers.split())


def _levels(ledger: Ledger, user: Any) -> list[str]:
    """Levels of which the person sees several units."""
    found = scope(user, ledger.permission("view"))
    units = OrgUnit.objects.filter(below(found.paths + found.own_paths, ""), kind__in=LEVELS).order_by()
    counted = dict(units.values_list("kind").annotate(n=models.Count("pk")))
    return [kind for kind in LEVELS if counted.get(kind, 0) > 1]


def _at_level(paths: Iterable[str | None], kind: str) -> dict[Any, Key]:
    """The unit of the level above each path; a unit above the level stands for its own rows."""
    parts = {
        place: [f"{place[:at]}/" for at, sign in enumerate(place) if sign == "/" and at]
        for place in paths
        if place
    }
    wanted = {prefix for prefixes in parts.values() for prefix in prefixes}
    units = {unit.path: unit for unit in OrgUnit.objects.filter(path__in=wanted)}
    found: dict[Any, Key] = {None: None}
    for place, prefixes in parts.items():
        above = next((units[one] for one in prefixes if one in units and units[one].kind == kind), None)
        found[place] = (above.pk, False) if above else (units[place].pk, True)
    return found


def _plain(value: Any) -> Any:
    return value.astimezone(clock.zone()).date() if isinstance(value, datetime) else value


def _mark(said: QueryDict, word: str, name: str) -> None:
    said[word] = ",".join(dict.fromkeys([*listed_in(said, word), name]))
