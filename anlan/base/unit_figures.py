"""Figures per school and street over several ledgers, with rates; every number opens its list (D14.7, D16.6).

A module declares its figures once; the page, the ranked list, the export and the thresholds follow.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from anlan.engines.org.api import OrgUnit, may
from anlan.engines.registry.api import Ledger, ledgers
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
        known: tuple[Column | Ratio, ...] = (*self.columns, *self.ratios)
        return {one.code: one.title for one in known}

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
