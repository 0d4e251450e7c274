"""Declaring a report: a table of figures by kind, unit, source or month; every cell opens its list (D03.9)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.http import QueryDict

from anlan.engines.analytics.figures import Figure
from anlan.engines.registry.api import Ledger, Listing, titles_of
from anlan.kernel.numbers import share
from anlan.kernel.registry import Registry

MONTH, MOST_LINES = "month", 500
Panel = Callable[[Any, str], dict[str, Any] | None]


@dataclass(frozen=True)
class Measure:
    """A column: how many rows of the ledger the list at ``query`` shows; ``late`` prints it in red."""

    title: str
    query: str = ""
    late: bool = False


@dataclass(frozen=True)
class Grouping:
    """What the lines are: ``by`` is a field or path, or ``month``; ``narrow`` the filter that opens a line's list."""

    code: str
    title: str
    by: str
    narrow: str = ""


@dataclass(frozen=True)
class Sheet:
    """A report; ``rate`` names its column and the measures it divides, by their place.

    Each of ``panels`` gives a further part of the page (title, template and what it reads) or None, from the
    person and the part of the query string that says the period.
    """

    code: str
    title: str
    permission: str
    ledger: Ledger
    period: str
    groupings: tuple[Grouping, ...]
    measures: tuple[Measure, ...]
    rate: tuple[str, int, int]
    figures: tuple[Figure, ...] = ()
    panels: tuple[Panel, ...] = ()
    area: str = ""
    group: str = "分析"
    order: int = 510

    @property
    def url(self) -> str:
        """Address of the page."""
        return f"/analysis/{self.code.replace('.', '/').replace('_', '-')}/"

    def grouping(self, code: str) -> Grouping:
        """The grouping asked for; the first for an unknown one."""
        return next((one for one in self.groupings if one.code == code), self.groupings[0])


@dataclass(frozen=True)
class Cell:
    """A number under the words of its measure, and the list behind it."""

    title: str
    value: int
    url: str
    late: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a report; no rate where there is nothing to divide by."""

    title: str
    cells: Sequence[Cell]
    rate: Decimal | None


def _verify(sheet: Sheet) -> Iterator[str]:
    filters = {*sheet.ledger.filter_names}
    if sheet.period not in filters:
        yield f"{sheet.period} is no filter of {sheet.ledger.code}"
    for one in sheet.groupings:
        if one.by != MONTH and (one.narrow or one.by) not in filters:
            yield f"{one.title}: {one.narrow or one.by} is no filter of {sheet.ledger.code}"
    if max(sheet.rate[1:]) >= len(sheet.measures):
        yield "the rate divides measures there are not"


sheets: Registry[Sheet] = Registry("report", _verify)


def declare_sheet(sheet: Sheet) -> Sheet:
    """Offer a report."""
    return sheets.add(sheet.code, sheet)


@dataclass(frozen=True)
class Crosstab:
    """A report under one grouping and the part ``more`` of a query string, with the eyes of ``user``."""

    sheet: Sheet
    by: Grouping
    more: str
    user: Any

    def lines(self) -> list[Line]:
        """The lines with most first, months in their order."""
        columns = [self._counted(measure) for measure in self.sheet.measures]
        keys = list(dict.fromkeys(key for column in columns for key in column))
        titles = self._titles(keys)
        found = [self._line(key, titles.get(key, "未填"), columns) for key in keys]
        if self.by.by == MONTH:
            return sorted(found, key=lambda line: line.title)[:MOST_LINES]
        return sorted(found, key=lambda line: (-line.cells[0].value, line.title))[:MOST_LINES]

    def total(self) -> Line:
        """The line of sums: each is the count of its list, not of the lines shown."""
        cells = []
        for measure in self.sheet.measures:
            query = _joined(measure.query, self.more)
            count = self._rows(query).count()
            cells.append(Cell(measure.title, count, f"{self.sheet.ledger.url}?{query}", measure.late))
        return Line("合计", cells, self._rate(cells))

    def _rows(self, query: str) -> Any:
        return Listing(self.sheet.ledger, self.user, QueryDict(query)).found.order_by()

    def _counted(self, measure: Measure) -> dict[Any, int]:
        rows = self._rows(_joined(measure.query, self.more))
        if self.by.by == MONTH:
            rows = rows.annotate(month=TruncMonth(self.sheet.period))
        return {row[self.by.by]: row["n"] for row in rows.values(self.by.by).annotate(n=Count("pk"))}

    def _titles(self, keys: list[Any]) -> dict[Any, str]:
        if self.by.by == MONTH:
            return {key: f"{key:%Y-%m}" for key in keys}
        return titles_of(self.sheet.ledger, self.by.by, keys)

    def _line(self, key: Any, title: str, columns: list[dict[Any, int]]) -> Line:
        cells = []
        for measure, column in zip(self.sheet.measures, columns, strict=True):
            url = f"{self.sheet.ledger.url}?{_joined(measure.query, *self._opened(key))}"
            cells.append(Cell(measure.title, column.get(key, 0), url, measure.late))
        return Line(title, cells, self._rate(cells))

    def _opened(self, key: Any) -> tuple[str, ...]:
        """The part of a query string that opens the list of one line."""
        if self.by.by != MONTH:
            return self.more, f"{self.by.narrow or self.by.by}={quote(str(key))}"
        said, name = QueryDict(self.more), self.sheet.period
        first, last = (day.isoformat() for day in _ends(key))
        asked_first, asked_last = (said.get(f"{name}_{end}") for end in ("from", "to"))
        first, last = max(first, asked_first or first), min(last, asked_last or last)
        return f"{name}_from={first}", f"{name}_to={last}"

    def _rate(self, cells: Sequence[Cell]) -> Decimal | None:
        _, part, whole = self.sheet.rate
        return share(cells[part].value, cells[whole].value)


def _joined(*parts: str) -> str:
    return "&".join(part for part in parts if part)


def _ends(month: datetime) -> tuple[date, date]:
    first = month.date()
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
