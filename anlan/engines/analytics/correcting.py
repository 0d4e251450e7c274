"""Correcting published numbers when data come late: beside them, dated, with old value, new value and rows (NF.223)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from anlan.engines.analytics.publications import Correction, Publication
from anlan.engines.analytics.publishing import tables_in
from anlan.engines.analytics.tables import Column, Table
from anlan.engines.audit.api import SYSTEM, Actor, change, create
from anlan.engines.registry.api import ledgers
from anlan.kernel import clock
from anlan.kernel.errors import Conflict

ROWS_NAMED = 50


@dataclass(frozen=True)
class Cell:
    """A number of a publication by table, column and line."""

    table: int
    column: int
    key: str


@dataclass(frozen=True)
class Late:
    """One column of a publication, looked at for what was entered after ``since`` and up to ``until``."""

    publication: Publication
    at: int
    place: int
    table: Table
    column: Column
    since: datetime
    until: datetime

    @property
    def rows(self) -> Any:
        """Every row of the column as of now."""
        return self.table.rows(self.column, self.publication.org, self.publication.period)

    @property
    def entered(self) -> Q:
        """What was registered in between."""
        return Q(created_at__gt=self.since, created_at__lte=self.until)

    def numbers(self, known: dict[Cell, int]) -> Iterator[tuple[Cell, int]]:
        """Cells whose number is no longer the known one, with the number of today."""
        mine = {
            cell.key: number
            for cell, number in known.items()
            if (cell.table, cell.column) == (self.at, self.place)
        }
        if self.table.stands(self.column):
            added = self.table.count(self.column, self.rows.filter(self.entered))
            found = {key: mine.get(key, 0) + number for key, number in added.items()}
        else:
            counts = self.table.count(self.column, self.rows)
            found = {key: counts.get(key, 0) for key in {**mine, **counts}}
        for key, number in found.items():
            if number != mine.get(key, 0):
                yield Cell(self.at, self.place, key), number

    def keys(self, key: str) -> list[int]:
        """Keys of the rows of a line that were entered, or changed, in between."""
        when = self.entered if self.table.stands(self.column) else Q(updated_at__gt=self.since)
        found = self.table.of_line(self.rows.filter(when), key)
        return list(found.values_list("pk", flat=True).order_by("pk"))

    def correction(self, key: str, before: int, after: int, reason: str) -> Correction:
        """The correction of one line, not yet stored."""
        late = self.keys(key)
        words = f"截止后登记或改正 {len(late)} 条" if late else "截止后有记录归档、作废或改到别处"
        return Correction(
            org=self.publication.org,
            publication=self.publication,
            table=self.at,
            column=self.place,
            key=key,
            line=self.table.titles([key])[key][:200],
            measure=f"{self.table.title}：{self.column.title}"[:100],
            before=before,
            after=after,
            why=f"{words}；{reason}" if reason else words,
            rows=late[:ROWS_NAMED],
            late=len(late),
        )


def present(publication: Publication) -> dict[Cell, int]:
    """The numbers with every correction so far; published cells first, then lines that came late."""
    found = {
        Cell(at, place, key): number
        for at, lines in enumerate(publication.numbers)
        for key, numbers in lines.items()
        for place, number in enumerate(numbers)
    }
    for one in Correction.unguarded.filter(publication=publication).order_by("pk"):
        found[Cell(one.table, one.column, one.key)] = one.after
    return found


@transaction.atomic
def correct(actor: Actor, publication: Publication, reason: str = "") -> list[Correction]:
    """Write down what late data changed since the last look; nothing for nothing. Conflict for a lost race."""
    until, since = clock.now(), publication.checked_at
    known = present(publication)
    change(actor, publication, {"checked_at": until}, action="recount")
    made = []
    for at, table in enumerate(tables_in(publication)):
        for place, column in enumerate(table.columns):
            late = Late(publication, at, place, table, column, since, until)
            for cell, number in late.numbers(known):
                found = late.correction(cell.key, known.get(cell, 0), number, reason)
                made.append(create(actor, found, action="correct"))
    return made


def correct_all(since: date) -> int:
    """Look for late data of every publication whose period ended on or after a day; how many corrections."""
    found = 0
    for publication in Publication.objects.unscoped().filter(archived_at=None, last_on__gte=since):
        if not all(column.ledger in ledgers for table in tables_in(publication) for column in table.columns):
            continue  # what it counted is no longer installed
        try:
            found += len(correct(SYSTEM, publication))
        except Conflict:
            continue  # somebody is looking at this one right now
    return found
