"""Child: visible sheets of an .xls or .xlsx workbook; a head line each, then rows in batches."""

from itertools import islice
from typing import Any

import python_calamine as calamine

from anlan.engines.files.children.confining import fail, run, say
from anlan.engines.files.children.rows import say_rows

HEAD_ROWS = 20
VISIBLE = calamine.SheetVisibleEnum.Visible


def sheets(path: str, max_rows: int, max_columns: int, wanted: int, first: int) -> None:
    """The first ``wanted`` sheets that are not hidden; only their ``first`` rows, or all for 0."""
    try:
        book = calamine.CalamineWorkbook.from_path(path)
        shown = [sheet.name for sheet in book.sheets_metadata if sheet.visible == VISIBLE]
        for name in shown[:wanted]:
            _sheet(book.get_sheet_by_name(name), max_rows, max_columns, first)
    except calamine.PasswordError:
        fail("locked")
    except (calamine.CalamineError, ValueError, OSError):
        fail("broken")


def _sheet(sheet: Any, max_rows: int, max_columns: int, first: int) -> None:
    start = sheet.start or (0, 0)
    if sheet.height > max_rows and not first:
        fail("rows")
    if sheet.width > max_columns:
        fail("columns")
    merges = [list(a) + list(b) for a, b in sheet.merged_cell_ranges or () if a[0] < start[0] + HEAD_ROWS]
    say({"sheet": sheet.name, "column": start[1], "merges": merges[:500], "height": sheet.height})
    # Empty rows at the top are yielded too, empty columns at the left are not.
    say_rows(islice(sheet.iter_rows(), first or None))


if __name__ == "__main__":
    run(sheets)
