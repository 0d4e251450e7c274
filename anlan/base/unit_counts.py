"""Counting the figures of units: by unit, and over the first ledger by one of its fields (D14.7, D16.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import QueryDict

from anlan.base.unit_figures import Column, Fold, Split, UnitFigures
from anlan.engines.org.api import Kind, OrgUnit
from anlan.engines.registry.api import Ledger, Listing, rows_of_unit, titles_of


@dataclass(frozen=True)
class Asked:
    """Figures of an area within a period (ISO days or nothing), as ``user`` sees them; without one, all there is."""

    area: OrgUnit
    user: Any = None
    first: str = ""
    last: str = ""

    def narrowed(self, column: Column) -> dict[str, str]:
        """What the period asks of this column's list."""
        if not column.moment:
            return {}
        return {f"{column.moment}_from": self.first, f"{column.moment}_to": self.last}

    def rows(self, column: Column) -> Any:
        """The rows behind the column."""
        if self.user is None:
            return rows_of_unit(column.source, self.area, column.asked(**self.narrowed(column)))
        query = column.asked(org=str(self.area.pk), **self.narrowed(column))
        return Listing(column.source, self.user, QueryDict(query)).found.order_by()

    def by_path(self, column: Column) -> dict[str, int]:
        """How many rows each unit has, by its path."""
        counted = self.rows(column).values("org__path").annotate(n=Count("pk"))
        return {row["org__path"]: row["n"] for row in counted}


def counts_of(figures: UnitFigures, asked: Asked, units: Sequence[OrgUnit]) -> list[dict[str, int]]:
    """The columns of each unit with all below it, in the order of the units."""
    columns = figures.seen_by(asked.user) if asked.user is not None else figures.columns
    counted = {column.code: asked.by_path(column) for column in columns}
    return [{code: _below(paths, unit) for code, paths in counted.items()} for unit in units]


def _below(paths: Mapping[str, int], unit: OrgUnit) -> int:
    if unit.kind == Kind.SCHOOL:
        return paths.get(unit.path, 0)
    return sum(n for path, n in paths.items() if path.startswith(unit.path))


def split_of(figures: UnitFigures, asked: Asked, split: Split) -> dict[tuple[str, str], dict[str, int]]:
    """The columns over the first ledger by a field: words and query of each value, with its numbers."""
    owner = figures.columns[0].ledger
    columns = [one for one in figures.seen_by(asked.user) if one.ledger == owner]
    found: dict[tuple[str, str], dict[str, int]] = {}
    for column in columns:
        rows = asked.rows(column).values(split.by).annotate(n=Count("pk"))
        counted = {row[split.by]: row["n"] for row in rows}
        fold = split.fold or _plain(column.source, split.by, counted)
        for value, n in counted.items():
            line = found.setdefault(fold(value), {one.code: 0 for one in columns})
            line[column.code] += n
    return found


def _plain(ledger: Ledger, by: str, counted: Mapping[Any, int]) -> Fold:
    titles = titles_of(ledger, by, list(counted))
    return lambda value: (titles.get(value, "未填"), urlencode({by: value}))
