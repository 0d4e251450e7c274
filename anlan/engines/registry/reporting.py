"""Reports on any list: rows counted, and numbers added up, by one or two fields; every count opens its list.

Fields that are masked or closed to the person are neither grouped by nor added up. A report is the query string of
its list with the words ``report-by``, ``report-then`` and ``report-of``.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, FloatField, IntegerField, Sum
from django.http import QueryDict

from anlan.engines.registry.access import closed_columns
from anlan.engines.registry.data import Datum
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.dimensions import Dimension, Key
from anlan.engines.registry.listing import Listing
from anlan.kernel.numbers import rounded

MOST_LINES, MOST_BARS, PLACES = 500, 12, 2
NOT_ADDED = {"latitude", "longitude"}


@dataclass
class Sums:
    """What a line counts: rows, and for each number its sum and how many rows have one."""

    rows: int = 0
    added: list[Any] = field(default_factory=list)
    filled: list[int] = field(default_factory=list)

    def take(self, rows: int, added: Sequence[Any], filled: Sequence[int]) -> None:
        """Add what a group of the database says."""
        self.rows += rows
        self.added = [a + (b or 0) for a, b in zip(self.added or [0] * len(added), added, strict=True)]
        self.filled = [a + b for a, b in zip(self.filled or [0] * len(filled), filled, strict=True)]

    def figures(self) -> list[Decimal | None]:
        """Sum and average of each number; None where nothing was filled in, which is not 0."""
        return [
            rounded(Decimal(str(added)) / whole, PLACES) if filled else None
            for added, filled in zip(self.added, self.filled, strict=True)
            for whole in (1, filled)
        ]

    def numbers(self) -> list[str]:
        """The figures as printed."""
        return [_shown(figure) for figure in self.figures()]


@dataclass(frozen=True)
class Line:
    """A line: the words of its groups, what it counts, and the list behind it."""

    titles: tuple[str, ...]
    sums: Sums
    url: str


@dataclass(frozen=True)
class Report:
    """The rows a query string asks for, with the eyes of one person, by ``by`` and with the sums of ``of``."""

    ledger: Ledger
    user: Any
    query: QueryDict
    by: tuple[Dimension, ...]
    of: tuple[Datum, ...] = ()
    verb: str = "view"

    def lines(self) -> list[Line]:
        """Every line, those with most rows first and times in their order."""
        return self._lines(self.by)

    def outline(self) -> list[Line]:
        """The lines of the first field alone."""
        return self._lines(self.by[:1])

    def total(self) -> Line:
        """All rows: what the list itself shows."""
        sums = Sums()
        sums.take(*self._read(self._rows().aggregate(**self._figures())))
        return Line(("合计",), sums, f"{self.ledger.url}?{self.query.urlencode()}")

    def _rows(self) -> Any:
        found = Listing(self.ledger, self.user, self.query, self.verb).found.order_by()
        # By key: what the list joins or annotates for its columns must not enter the groups.
        return self.ledger.model.unguarded.filter(pk__in=found.values("pk")).order_by()

    def _counted(self, by: tuple[Dimension, ...]) -> Any:
        groups = {f"report_{at}": one.expression for at, one in enumerate(by)}
        return self._rows().annotate(**groups).values(*groups).annotate(**self._figures())

    def _figures(self) -> dict[str, Any]:
        sums = {f"sum_{at}": Sum(item.name) for at, item in enumerate(self.of)}
        filled = {f"filled_{at}": Count(item.name) for at, item in enumerate(self.of)}
        return {"report_rows": Count("pk"), **sums, **filled}

    def _read(self, values: dict[str, Any]) -> tuple[int, list[Any], list[int]]:
        places = range(len(self.of))
        return (
            values["report_rows"],
            [values[f"sum_{at}"] for at in places],
            [values[f"filled_{at}"] for at in places],
        )

    def _lines(self, by: tuple[Dimension, ...]) -> list[Line]:
        counted = list(self._counted(by))
        keys_of = [one.keys({row[f"report_{at}"] for row in counted}) for at, one in enumerate(by)]
        found: dict[tuple[Key, ...], Sums] = {}
        for row in counted:
            keys = tuple(known[row[f"report_{at}"]] for at, known in enumerate(keys_of))
            found.setdefault(keys, Sums()).take(*self._read(row))
        titles = [one.titles(self.ledger, {keys[at] for keys in found}) for at, one in enumerate(by)]
        return [
            Line(
                tuple(known.get(key, "未填") for known, key in zip(titles, keys, strict=True)),
                found[keys],
                self._opened(by, keys),
            )
            for keys in _in_order(by, found, titles)
        ]

    def _opened(self, by: tuple[Dimension, ...], keys: tuple[Key, ...]) -> str:
        said = self.query.copy()
        for one, key in zip(by, keys, strict=True):
            one.open(said, key)
        return f"{self.ledger.url}?{said.urlencode()}"


def _in_order(
    by: tuple[Dimension, ...], found: dict[tuple[Key, ...], Sums], titles: list[dict[Key, str]]
) -> list[tuple[Key, ...]]:
    """Groups of the first field by size (times by time), the second field within each of them alike."""
    sizes: list[dict[Key, int]] = [{} for _ in by]
    for keys, sums in found.items():
        for at, key in enumerate(keys):
            sizes[at][key] = sizes[at].get(key, 0) + sums.rows

    def place(keys: tuple[Key, ...]) -> tuple[Any, ...]:
        said = [known.get(key, "") for known, key in zip(titles, keys, strict=True)]
        ranks = [
            0 if one.span else -sizes[at][key] for at, (one, key) in enumerate(zip(by, keys, strict=True))
        ]
        return tuple(part for pair in zip(ranks, said, strict=True) for part in pair) + tuple(map(str, keys))

    return sorted(found, key=place)


def measures(ledger: Ledger, user: Any) -> dict[str, Datum]:
    """Number fields of the record that this person sees in full."""
    data = {item.name: item for item in (*ledger.column_data, *ledger.fact_data) if _adds_up(item)}
    closed = closed_columns(ledger, user, list(data.values()))
    return {name: item for name, item in data.items() if name not in closed}


def _adds_up(item: Datum) -> bool:
    numbers = isinstance(item.field, IntegerField | DecimalField | FloatField)
    plain = numbers and not item.field.choices and "__" not in item.name and item.name not in NOT_ADDED
    return plain and not item.mask


def _shown(figure: Decimal | None) -> str:
    if figure is None:
        return "—"
    return f"{int(figure):,}" if figure == int(figure) else f"{figure:,f}"


def heads(report: Report) -> list[str]:
    """The heads of the table."""
    numbers = [words for item in report.of for words in (f"{item.title}合计", f"{item.title}平均")]
    return [*(one.title for one in report.by), f"数量（{report.ledger.noun or '条'}）", *numbers]


def cells(lines: Iterable[Line], width: int) -> list[list[Any]]:
    """The table for a file; the line of sums fills the columns of all groups."""
    return [
        [*line.titles, *[""] * (width - len(line.titles)), line.sums.rows, *map(_plain, line.sums.figures())]
        for line in lines
    ]


def _plain(figure: Decimal | None) -> float | str:
    return "" if figure is None else float(figure)
