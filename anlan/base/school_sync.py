"""School facts from the upper platform: faulty rows listed, the school's own facts left alone (D09.1)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from anlan.base.school_rules import openness
from anlan.base.schools import School, SchoolKind, close_school, move_school, open_school
from anlan.base.vocabularies import codes_of
from anlan.engines.audit.api import Actor, change
from anlan.engines.org.api import Kind, OrgUnit, below
from anlan.kernel.errors import Refusal, Rejected

FACTS = (
    "name",
    "short_name",
    "address",
    "office_phone",
    "pupils",
    "classes",
    "boarders",
    "staff",
    "teachers",
)


@dataclass(frozen=True)
class FaultyRow:
    """A row not taken over: its number (from 1), its school code, and why."""

    number: int
    code: str
    why: str


@dataclass
class SyncOutcome:
    """What one run came to."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    rejected: list[FaultyRow] = field(default_factory=list)


class SchoolSync:
    """One run for the schools below ``unit``.

    Rows have code, name, kind, nature, street (name or code of the town), facts, closed.
    """

    def __init__(self, actor: Actor, unit: OrgUnit) -> None:
        self.actor = actor
        towns = OrgUnit.objects.filter(below((unit.path,), "parent"), kind=Kind.TOWNSHIP)
        self.towns = {word: town for town in towns for word in (town.code, town.name, town.short_name)}
        self.natures = {word: code for code in codes_of("school_nature") for word in (code.code, code.name)}
        self.kinds = {word: value for value, label in SchoolKind.choices for word in (value, label)}
        rows = School.objects.unscoped().filter(below((unit.path,)), archived_at=None)
        self.schools = {school.code: school for school in rows.select_related("org", "town") if school.code}

    def run(self, rows: Sequence[dict[str, Any]]) -> SyncOutcome:
        """Take the rows over, each for itself."""
        outcome = SyncOutcome()
        seen = Counter(str(row.get("code")) for row in rows)
        for number, row in enumerate(rows, 1):
            code = str(row.get("code") or "")
            try:
                if seen[code] > 1:
                    raise Rejected({"code": "同一学校标识码出现多次"})
                with transaction.atomic():
                    self._take(row, code, outcome)
            except Refusal as refusal:
                outcome.rejected.append(FaultyRow(number, code, str(refusal)))
        return outcome

    def _take(self, row: dict[str, Any], code: str, outcome: SyncOutcome) -> None:
        town = self.towns.get(row.get("street", ""))
        if row.get("street") and town is None:
            raise Rejected({"street": f"没有“{row['street']}”这个镇街"})
        school = self.schools.get(code)
        if school is None:
            outcome.added.append(self._add(row, code, town).name)
        elif row.get("closed"):
            if school.closed_on is None:
                outcome.closed.append(close_school(self.actor, school).name)
        elif self._change(school, row, town):
            outcome.changed.append(school.name)

    def _choices(self, row: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, known in (("kind", self.kinds), ("nature", self.natures)):
            if row.get(name):
                if row[name] not in known:
                    raise Rejected({name: f"不认识“{row[name]}”"})
                found[name] = known[row[name]]
        return found

    def _add(self, row: dict[str, Any], code: str, town: OrgUnit | None) -> School:
        if town is None:
            raise Rejected({"street": "新学校要写明镇街"})
        values = {name: row[name] for name in FACTS if row.get(name) not in (None, "")}
        missing = {name: "请填写" for name in ("name", "kind", "nature") if not row.get(name)}
        if missing:
            raise Rejected(missing)
        return open_school(self.actor, town, code, code=code, **self._choices(row), **values)

    def _change(self, school: School, row: dict[str, Any], town: OrgUnit | None) -> bool:
        kept = {name for name, rule in openness(school.org).items() if rule.kept_by_school}
        before = school.version
        if town is not None and town.pk != school.town_id:
            move_school(self.actor, school, town)
        values = {name: row[name] for name in FACTS if name in row and name not in kept} | self._choices(row)
        change(self.actor, school, values)
        return school.version != before
