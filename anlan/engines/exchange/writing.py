"""Writing spreadsheets: real types, no formulas, frozen heading; a second sheet says who exported what."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from anlan.kernel import clock

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
LONGEST = 32_000
EXACT = 10**15
WIDTH = (8, 48)
LOOK = 50


def write_sheet(
    path: Path,
    titles: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    name: str = "数据",
    note: Sequence[tuple[str, str]] = (),
) -> int:
    """An .xlsx file at ``path``; ``note`` (who, when, condition) fills a second sheet. Returns the rows."""
    with Workbook(str(path), OPTIONS) as book:
        head = book.add_format({"bold": True, "bg_color": "#EDF1F1", "border": 1, "text_wrap": True})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet = book.add_worksheet(_sheet_name(name))
        rows = iter(rows)
        first = list(islice(rows, LOOK))
        for place, width in enumerate(_widths(titles, first)):
            sheet.set_column(place, place, width)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, [_plain(title) for title in titles], head)
        count = 0
        for row in (*first, *rows):
            count += 1
            for place, value in enumerate(row):
                _write(sheet, (count, place), value, moment)
        if note:
            _write_note(book, note)
    return count


def _write(sheet: Any, at: tuple[int, int], value: Any, moment: Any) -> None:
    if isinstance(value, datetime):
        local = value.astimezone(clock.zone()).replace(tzinfo=None) if value.tzinfo else value
        sheet.write_datetime(*at, local, moment)
    elif isinstance(value, date):
        sheet.write_datetime(*at, datetime.combine(value, time()))
    elif isinstance(value, bool):
        sheet.write_string(*at, "是" if value else "否")
    elif isinstance(value, (int, float, Decimal)) and -EXACT < value < EXACT:
        sheet.write_number(*at, value)
    elif value is not None:
        sheet.write_string(*at, _plain(value))


def _plain(value: Any) -> str:
    return "".join(c for c in str(value)[:LONGEST] if c >= " " or c in "\n\t")


def _write_note(book: Any, note: Sequence[tuple[str, str]]) -> None:
    sheet = book.add_worksheet("说明")
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 80)
    for number, (what, text) in enumerate(note):
        sheet.write_string(number, 0, _plain(what))
        sheet.write_string(number, 1, _plain(text))


def _sheet_name(name: str) -> str:
    return "".join(c for c in name if c not in "[]:*?/\\'")[:31] or "数据"


def _widths(titles: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[int]:
    low, high = WIDTH
    return [
        min(high, max(low, *(_breadth(row[place]) for row in [titles, *rows] if place < len(row))))
        for place in range(len(titles))
    ]


def _breadth(value: Any) -> int:
    text = f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value if value is not None else "")
    return 2 + sum(2 if c > "\u2e7f" else 1 for c in text.split("\n", 1)[0][:60])


def write_csv(titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The same as CSV in UTF-8 with a mark; text a spreadsheet would take for a formula is made harmless."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow([inert(title) for title in titles])
    for row in rows:
        writer.writerow([inert(value) for value in row])
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()


def inert(value: Any) -> Any:
    """Text that begins like a formula gets an apostrophe before it; numbers stay numbers."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
