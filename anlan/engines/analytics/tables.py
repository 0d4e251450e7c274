"""What a declared report or analysis counts, in a form that can be kept: tables, columns, lines of numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.db.models import CharField, Count, Q, TextField
from django.db.models.functions import TruncMonth

from anlan.engines.analytics.declaring import Analysis
from anlan.engines.analytics.figures import Figure
from anlan.engines.analytics.sheets import MONTH, Sheet
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import Ledger, datum, ledgers, rows_of_unit, titles_of
from anlan.kernel import clock

Subject = Sheet | Analysis
TOTAL, NONE = "*", ""
LIVING = {"state"}  # what a row goes through by itself, without anybody correcting anything


@dataclass(frozen=True)
class Column:
    """How many rows of a ledger the list at ``query`` shows."""

    title: str
    ledger: str
    query: str = ""
    unit: str = "条"

    @property
    def source(self) -> Ledger:
        """The ledger."""
        return ledgers[self.ledger]

    @classmethod
    def of(cls, figure: Figure, title: str = "") -> "Column":
        """A declared figure as a column."""
        return cls(title or figure.title, figure.ledger.code, figure.query, figure.unit)


@dataclass(frozen=True)
class Table:
    """Columns counted ``by`` a field or path (nothing: one line); ``monthly``: the months of that moment.

    ``narrow`` is the filter of the list that opens a line.
    """

    title: str
    columns: tuple[Column, ...]
    by: str = ""
    by_title: str = ""
    narrow: str = ""
    monthly: bool = False

    @classmethod
    def kept(cls, said: Mapping[str, Any]) -> "Table":
        """A table as it was written down."""
        columns = tuple(Column(**one) for one in said["columns"])
        return cls(**{**said, "columns": columns})

    def said(self) -> dict[str, Any]:
        """The table in plain values."""
        return asdict(self)

    def stands(self, column: Column) -> bool:
        """Whether its numbers are those of one moment, because its rows move on by themselves."""
        return bool(column.query) or self.by in LIVING

    def rows(self, column: Column, unit: OrgUnit, period: str) -> Any:
        """The rows behind a column at a unit and below."""
        return rows_of_unit(column.source, unit, joined(column.query, period))

    def of_line(self, rows: Any, key: str) -> Any:
        """Those of the rows that one line counts."""
        if key == TOTAL or not self.by:
            return rows
        if not key:
            return rows.filter(self._empty())
        if not self.monthly:
            return rows.filter(**{self.by: key})
        return rows.annotate(key=TruncMonth(self.by, tzinfo=clock.zone())).filter(
            key=datetime.fromisoformat(key)
        )

    def count(self, column: Column, rows: Any) -> dict[str, int]:
        """Numbers by line, and the total of all."""
        found = {TOTAL: rows.count()}
        if self.by:
            grouped = TruncMonth(self.by, tzinfo=clock.zone()) if self.monthly else None
            rows = rows.annotate(key=grouped).values("key") if grouped else rows.values(self.by)
            name = "key" if grouped else self.by
            for row in rows.annotate(n=Count("pk")):
                key = key_of(row[name])
                found[key] = found.get(key, 0) + row["n"]
        return found

    def _empty(self) -> Q:
        """Rows that say nothing about what the lines are."""
        field = datum(self.columns[0].source, self.by).field
        nothing = Q(**{f"{self.by}__isnull": True})
        return nothing | Q(**{self.by: ""}) if isinstance(field, CharField | TextField) else nothing

    def titles(self, keys: Sequence[str]) -> dict[str, str]:
        """Words of the lines."""
        known = {TOTAL: "合计", NONE: "未填"}
        asked = [key for key in keys if key not in known]
        if self.monthly:
            return known | {key: key[:7] for key in asked}
        if not self.by:
            return known
        words = titles_of(self.columns[0].source, self.by, asked)
        return known | {key: key for key in asked} | {str(key): title for key, title in words.items()}

    def url(self, column: Column, key: str, unit: OrgUnit, period: str, moment: str) -> str:
        """The list as it is today behind a number."""
        names = column.source.filter_names
        line = self._line(key, moment)
        within = f"org={unit.pk}" if "org" in names and not line.startswith("org=") else ""
        if self.monthly and line:
            period = ""
        return f"{column.source.url}?{joined(column.query, period, line, within)}"

    def _line(self, key: str, moment: str) -> str:
        if key in (TOTAL, NONE) or not self.by:
            return ""
        if not self.monthly:
            return f"{self.narrow or self.by}={quote(key)}"
        first = date.fromisoformat(key[:10])
        last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        return f"{moment}_from={first}&{moment}_to={last}"


def key_of(value: Any) -> str:
    """The key of a line in plain text."""
    if value is None:
        return NONE
    return value.isoformat() if isinstance(value, date) else str(value)


def joined(*parts: str) -> str:
    """Parts of a query string as one."""
    return "&".join(part for part in parts if part)


def groupings_of(subject: Subject) -> list[tuple[str, str]]:
    """Code and words of the groupings one may choose from."""
    if isinstance(subject, Sheet):
        return [(one.code, one.title) for one in subject.groupings]
    return [(one.code, one.title) for one in subject.cross.dimensions] if subject.cross else []


def tables_of(subject: Subject, grouping: str = "") -> list[Table]:
    """What the report or the analysis page counts, under one of its groupings."""
    return list(
        _of_sheet(subject, grouping) if isinstance(subject, Sheet) else _of_analysis(subject, grouping)
    )


def _of_sheet(sheet: Sheet, code: str) -> Iterator[Table]:
    by, ledger = sheet.grouping(code), sheet.ledger
    columns = tuple(Column(one.title, ledger.code, one.query, unit_of(ledger)) for one in sheet.measures)
    monthly = by.by == MONTH
    path = sheet.period if monthly else by.by
    yield Table(sheet.title, columns, path, by.title, by.narrow, monthly)


def _of_analysis(page: Analysis, code: str) -> Iterator[Table]:
    if page.figures:
        yield Table("主要数字", tuple(Column.of(figure) for figure in page.figures))
    for card in page.cards:
        yield Table(card.title, (Column.of(card.figure, "数量"),), card.by, "项目")
    if page.cross is not None:
        by = page.cross.dimension(code)
        columns = tuple(Column.of(figure) for figure in page.cross.figures)
        yield Table(page.cross.title, columns, by.path, by.title, by.filter, by.monthly)


def unit_of(ledger: Ledger) -> str:
    """The measure word of a ledger's rows."""
    return ledger.noun if len(ledger.noun) == 1 else "条"


def counted(table: Table, unit: OrgUnit, period: str) -> dict[str, list[int]]:
    """Numbers of a table at a unit, by line and then column; the total of all under ``*``."""
    columns = [table.count(one, table.rows(one, unit, period)) for one in table.columns]
    keys = dict.fromkeys(key for column in columns for key in column)
    return {key: [column.get(key, 0) for column in columns] for key in keys}
