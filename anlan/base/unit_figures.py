"""Figures per school and street over several ledgers, with rates; every number opens its list (D14.7, D16.6).

A module declares its figures once; the page, the ranked list, the export and the thresholds follow.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import QueryDict

from anlan.engines.analytics.api import titles_of
from anlan.engines.org.api import Kind, OrgUnit, below, may
from anlan.engines.registry.api import Ledger, Listing, ledgers, rows_of_unit
from anlan.kernel.numbers import share
from anlan.kernel.registry import Registry

Fold = Callable[[Any], tuple[str, str]]
Counts = Mapping[str, int]


@dataclass(frozen=True)
class Column:
    """The rows that the ledger of this code lists at ``query``; ``moment`` is what a period narrows.

    ``late`` prints it red.
    """

    code: str
    title: str
    ledger: str
    query: str = ""
    moment: str = ""
    late: bool = False

    @property
    def source(self) -> Ledger:
        """The ledger."""
        return ledgers[self.ledger]

    def asked(self, **more: str) -> str:
        """The query string with further conditions; those of the period only where a period counts."""
        said = {name: value for name, value in more.items() if value}
        return "&".join(part for part in (self.query, urlencode(said)) if part)

    def url(self, **more: str) -> str:
        """The list behind the number."""
        return f"{self.source.url}?{self.asked(**more)}"


@dataclass(frozen=True)
class Ratio:
    """A rate: the share of the column ``part`` in the column ``whole``, by their codes; without a whole no rate."""

    code: str
    title: str
    part: str
    whole: str

    def of(self, counts: Counts) -> Decimal | None:
        """The rate; None where there is nothing to divide by, so that lacking data is neither 0 nor 100 %."""
        return share(counts[self.part], counts[self.whole]) if self.part in counts else None


@dataclass(frozen=True)
class Split:
    """Lines other than units: the rows of the first ledger by a field; ``fold`` gives words and query of a value."""

    code: str
    title: str
    by: str
    fold: Fold | None = None


@dataclass(frozen=True)
class Warned:
    """A thing with something wrong: what it is, where it is, what is wrong, and its own page."""

    title: str
    unit: str
    words: str
    url: str


@dataclass(frozen=True)
class Limit:
    """Where a column or rate (by its code) begins to be warned of, unless a district says otherwise.

    ``low``: it is warned of below the limit, else above. Rates are limited in percent.
    """

    measure: str
    at: Decimal | int
    low: bool = True


@dataclass(frozen=True)
class UnitFigures:
    """A page. The first column says whether a unit has anything: one without is shown as ``none``, never as perfect.

    ``warned`` gives the things with something wrong of an area, for who looks.
    """

    code: str
    title: str
    columns: tuple[Column, ...]
    ratios: tuple[Ratio, ...] = ()
    splits: tuple[Split, ...] = ()
    warned: Callable[[Any, OrgUnit], Sequence[Warned]] | None = None
    limits: tuple[Limit, ...] = ()
    none: str = "无数据"
    area: str = "upkeep"
    group: str = "分析"
    order: int = 500

    @property
    def url(self) -> str:
        """Address of the page."""
        return f"/{self.code.replace('.', '/').replace('_', '-')}/"

    @property
    def permission(self) -> str:
        """Who may see the first ledger sees the page."""
        return f"{self.columns[0].ledger}.view"

    @property
    def measures(self) -> dict[str, str]:
        """Code and words of everything that can be limited."""
        return {one.code: one.title for one in (*self.columns, *self.ratios)}

    def seen_by(self, user: Any) -> list[Column]:
        """The columns whose lists the person may open."""
        return [column for column in self.columns if may(user, f"{column.ledger}.view")]


def _verify(figures: UnitFigures) -> Iterator[str]:
    known = {column.code for column in figures.columns}
    for ratio in figures.ratios:
        if {ratio.part, ratio.whole} - known:
            yield f"{ratio.title} divides columns there are not"
    for limit in figures.limits:
        if limit.measure not in figures.measures:
            yield f"{limit.measure} is limited and there is no such figure"


unit_figures: Registry[UnitFigures] = Registry("figures of units", _verify)


def declare_unit_figures(figures: UnitFigures) -> UnitFigures:
    """Offer a page of figures."""
    return unit_figures.add(figures.code, figures)


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
        counted = {
            row[split.by]: row["n"] for row in asked.rows(column).values(split.by).annotate(n=Count("pk"))
        }
        fold = split.fold or _plain(column.source, split.by, counted)
        for value, n in counted.items():
            line = found.setdefault(fold(value), {one.code: 0 for one in columns})
            line[column.code] += n
    return found


def _plain(ledger: Ledger, by: str, counted: Mapping[Any, int]) -> Fold:
    titles = titles_of(ledger, by, list(counted))
    return lambda value: (titles.get(value, "未填"), urlencode({by: value}))


def warned_by(code: str, words: Mapping[str, str]) -> Callable[[Any, OrgUnit], Sequence[Warned]]:
    """What is wrong with rows of a ledger: each of its marks that holds, in words, with the way to the row."""

    def warned(user: Any, area: OrgUnit) -> Sequence[Warned]:
        ledger, found = ledgers[code], dict[int, list[str]]()
        seen: Any = ledger.model.objects.visible(user, ledger.permission("view"))
        rows = seen.filter(below((area.path,)), archived_at=None)
        for mark, said in words.items():
            for pk in rows.filter(ledger.marks[mark]()).values_list("pk", flat=True):
                found.setdefault(pk, []).append(said)
        wrong = rows.filter(pk__in=found).select_related("org").order_by("org__path", "pk")
        return [
            Warned(_named(row), str(row.org), "、".join(found[row.pk]), row.get_absolute_url())
            for row in wrong
        ]

    return warned


def _named(row: Any) -> str:
    kind = row.get_kind_display() if hasattr(row, "get_kind_display") else ""
    place = f"（{row.place}）" if getattr(row, "place", "") else ""
    return f"{kind} {row}{place}".strip()
