"""A table of an analysis: rows of one dimension, a figure in each column, every number its own list (D01.14)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.http import QueryDict

from anlan.engines.analytics.figures import Figure
from anlan.engines.registry.api import Listing, titles_of
from anlan.kernel import clock
from anlan.kernel.numbers import share


@dataclass(frozen=True)
class Dimension:
    """What rows stand for: ``path`` is grouped by, ``filter`` is the list's filter that opens a row.

    ``monthly``: the path is a moment, grouped by months.
    """

    code: str
    title: str
    path: str
    filter: str = ""
    monthly: bool = False

    def link(self, figure: Figure, key: Any) -> str:
        """The list behind a figure in the row of ``key``."""
        name = self.filter or self.path
        if not self.monthly:
            return figure.narrowed(f"{name}={quote(str(key))}").url
        first = key.astimezone(clock.zone()).date()
        return figure.narrowed(f"{name}_from={first}&{name}_to={last_of(first)}").url


@dataclass(frozen=True)
class Cross:
    """``figures`` as columns over one of the ``dimensions``; ``rate`` names the figures of a share in percent."""

    title: str
    figures: tuple[Figure, ...]
    dimensions: tuple[Dimension, ...]
    rate: tuple[str, str] = ("", "")
    rate_title: str = ""

    def dimension(self, code: str) -> Dimension:
        """The one asked for, the first otherwise."""
        return next((one for one in self.dimensions if one.code == code), self.dimensions[0])


@dataclass(frozen=True)
class CrossRow:
    """A row: its words, a number and its list for each figure, the share (None where there is nothing)."""

    title: str
    cells: Sequence[tuple[int, str]]
    share: Decimal | None


def last_of(first: date) -> date:
    """The last day of a month."""
    return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def rows_of(cross: Cross, dimension: Dimension, more: str, user: Any) -> list[CrossRow]:
    """The table with the eyes of one person, most first (months in order)."""
    narrowed = [figure.narrowed(more) for figure in cross.figures]
    counts = [_counted(figure, dimension, user) for figure in narrowed]
    keys = {key for found in counts for key in found}
    ordered = (
        sorted(keys) if dimension.monthly else sorted(keys, key=lambda key: (-counts[0].get(key, 0), key))
    )
    titles = _titles(cross.figures[0], dimension, ordered)
    return [
        CrossRow(
            titles.get(key, "未填"),
            [
                (found.get(key, 0), dimension.link(one, key))
                for one, found in zip(narrowed, counts, strict=True)
            ],
            _share(cross, counts, key),
        )
        for key in ordered
    ]


def _share(cross: Cross, counts: list[dict[Any, int]], key: Any) -> Decimal | None:
    part, whole = cross.rate
    numbers = {one.title: found.get(key, 0) for one, found in zip(cross.figures, counts, strict=True)}
    return share(numbers[part], numbers[whole]) if part else None


def _counted(figure: Figure, dimension: Dimension, user: Any) -> dict[Any, int]:
    rows = Listing(figure.ledger, user, QueryDict(figure.query)).found.order_by()
    grouped = TruncMonth(dimension.path, tzinfo=clock.zone()) if dimension.monthly else None
    rows = rows.annotate(key=grouped).values("key") if grouped else rows.values(dimension.path)
    name = "key" if grouped else dimension.path
    return {row[name]: row["n"] for row in rows.annotate(n=Count("pk")) if row[name] is not None}


def _titles(figure: Figure, dimension: Dimension, keys: Sequence[Any]) -> dict[Any, str]:
    if dimension.monthly:
        return {key: f"{key.astimezone(clock.zone()):%Y-%m}" for key in keys}
    return titles_of(figure.ledger, dimension.path, keys)


def sheet_of(cross: Cross, dimension: Dimension, more: str, user: Any) -> Iterator[tuple[str, str, Any]]:
    """The table as lines of a file: row, column, number."""
    for row in rows_of(cross, dimension, more, user):
        for figure, (number, _) in zip(cross.figures, row.cells, strict=True):
            yield f"{cross.title}：{row.title}", figure.title, number
