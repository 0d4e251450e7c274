"""Declared columns of an import, matched to the headings of a file, and its cells as plain text."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from anlan.engines.exchange.heads import squash
from anlan.engines.exchange.sheets import OpenSheet, Sheet, SheetRow
from anlan.engines.files.api import Lossy
from anlan.kernel.errors import Rejected

LOST = "数字太长，表格软件已丢掉末几位；请把这一列设成文本格式后重新填写"
Parsed = tuple[int, dict[str, str], dict[str, str]]
DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})$")
INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202e\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class Column:
    """One column: ``aliases`` are other headings in use; ``hint`` and ``example`` go into the template."""

    name: str
    title: str
    required: bool = False
    aliases: tuple[str, ...] = ()
    hint: str = ""
    example: str = ""
    choices: tuple[str, ...] = ()

    @property
    def heads(self) -> set[str]:
        """Every heading that means this column."""
        return {squash(text) for text in (self.title, self.name, *self.aliases)}


def titles_of(columns: Sequence[Column]) -> list[str]:
    """Headings to look for."""
    return [title for column in columns for title in (column.title, *column.aliases)]


def match(headers: Sequence[str], columns: Sequence[Column]) -> dict[str, int]:
    """Column name to place in the file. Rejected where a needed column is missing or one stands twice."""
    places: dict[str, int] = {}
    for place, header in enumerate(headers):
        for column in columns:
            if header and squash(header) in column.heads:
                if column.name in places:
                    raise Rejected({"file": f"“{column.title}”这一列出现了两次"})
                places[column.name] = place
    missing = [column.title for column in columns if column.required and column.name not in places]
    if missing:
        raise Rejected({"file": f"表头里没有找到：{'、'.join(missing)}；请使用下载的模板"})
    return places


def texts(sheet: Sheet | OpenSheet, columns: Sequence[Column]) -> Iterator[Parsed]:
    """Rows as (number, text by column name, problem by column name); Rejected at once for wrong headings."""
    places = match(sheet.headers, columns)
    return ((row.number, *_row(row, columns, places)) for row in sheet.rows)


def _row(
    row: SheetRow, columns: Sequence[Column], places: Mapping[str, int]
) -> tuple[dict[str, str], dict[str, str]]:
    values, problems = {}, {}
    for column in columns:
        if column.name not in places:
            continue
        cell = row.cells[places[column.name]]
        values[column.name] = text_of(cell)
        if isinstance(cell, Lossy):
            problems[column.name] = LOST
        elif column.required and not values[column.name]:
            problems[column.name] = "没有填写"
    return values, problems


def text_of(cell: Any) -> str:
    """A cell as people would type it."""
    if cell is None or isinstance(cell, bool):
        return {None: "", True: "是", False: "否"}[cell]
    if isinstance(cell, float):
        return f"{Decimal(repr(cell)):f}"
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}".removesuffix(":00")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    return INVISIBLE.sub("", str(cell)).replace("\xa0", " ").strip()


def half_width(text: str) -> str:
    """Codes, numbers and dates typed with full-width characters, in half width without blanks around."""
    return unicodedata.normalize("NFKC", text).strip()


def date_text(text: str) -> str:
    """2026年3月1日, 2026.3.1, 2026/3/1 and 20260301 as 2026-03-01; anything else unchanged."""
    plain = half_width(text)
    found = DATE.match(plain) or COMPACT.match(plain)
    return f"{int(found[1]):04}-{int(found[2]):02}-{int(found[3]):02}" if found else plain
