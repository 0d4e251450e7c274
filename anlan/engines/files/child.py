"""Program of the child process that opens what people send: it limits itself, parses, prints JSON lines.

Never imported by the site. A parser that is broken or misused takes only this process with it.
"""

import csv
import datetime as dt
import io
import json
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

BATCH = 500
EXACT = 10**15  # above this a spreadsheet number has lost digits
HEAD_ROWS = 20


def confine(memory: int, seconds: int) -> None:
    """Bound memory and processor time, and forbid writing files."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def say(value: Any) -> None:
    """Print one JSON line."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=_tagged) + "\n")


def fail(code: str) -> None:
    """Say why the file cannot be read, and stop."""
    say({"error": code})
    sys.stdout.flush()
    sys.exit(3)


def _tagged(value: Any) -> dict[str, str]:
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return {"$d": value.date().isoformat()} if midnight else {"$m": value.isoformat()}
    if isinstance(value, dt.date):
        return {"$d": value.isoformat()}
    if isinstance(value, dt.time):
        return {"$t": value.isoformat()}
    if isinstance(value, dt.timedelta):
        return {"$t": str(value)}
    raise TypeError(type(value).__name__)


def cell(value: Any) -> Any:
    """Blanks become null, whole floats integers, numbers beyond exactness are marked."""
    kind = type(value)
    if kind is str:
        return value.strip() or None
    if kind is float and value.is_integer():
        return int(value) if abs(value) < EXACT else {"$l": f"{value:.0f}"}
    return value


def sheets(path: str, max_rows: int, max_columns: int, wanted: int) -> None:
    """Visible sheets of a workbook: a head line each, then rows in batches."""
    import python_calamine as calamine  # noqa: PLC0415 - only after the limits are set

    try:
        book = calamine.CalamineWorkbook.from_path(path)
        shown = [s.name for s in book.sheets_metadata if s.visible == calamine.SheetVisibleEnum.Visible]
        for name in shown[:wanted]:
            _sheet(book.get_sheet_by_name(name), max_rows, max_columns)
    except calamine.PasswordError:
        fail("locked")
    except (calamine.CalamineError, ValueError, OSError):
        fail("broken")


def _sheet(sheet: Any, max_rows: int, max_columns: int) -> None:
    start = sheet.start or (0, 0)
    if sheet.height > max_rows:
        fail("rows")
    if sheet.width > max_columns:
        fail("columns")
    merges = [list(a) + list(b) for a, b in sheet.merged_cell_ranges or () if a[0] < start[0] + HEAD_ROWS]
    say({"sheet": sheet.name, "column": start[1], "merges": merges[:500]})
    _rows(1, sheet.iter_rows())  # empty rows at the top are yielded too, empty columns at the left are not


def _rows(first: int, rows: Iterator[list[Any]]) -> None:
    batch: list[Any] = []
    for number, row in enumerate(rows, first):
        values = [cell(value) for value in row]
        if any(value is not None for value in values):
            batch.append([number, values])
        if len(batch) >= BATCH:
            say(batch)
            batch = []
    say(batch)


def comma(path: str, max_rows: int, max_columns: int, _wanted: int) -> None:
    """A CSV file in UTF-8 or GBK, split at commas, semicolons or tabs."""
    content = Path(path).read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    head = text.split("\n", 1)[0]
    mark = max(",;\t", key=head.count)
    table = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    if len(table) > max_rows:
        fail("rows")
    if any(len(row) > max_columns for row in table):
        fail("columns")
    say({"sheet": "CSV", "column": 0, "merges": []})
    _rows(1, iter(table))


def word(path: str, *_: int) -> None:
    """A Word document as HTML, pictures left out; and its plain text by paragraph."""
    import mammoth  # noqa: PLC0415 - only after the limits are set

    with Path(path).open("rb") as stream:
        said = mammoth.convert_to_html(stream, convert_image=mammoth.images.img_element(lambda _: {}))
    say({"html": said.value})


def paper(path: str, first: int, last: int, width: int) -> None:
    """Pages of a PDF from ``first`` up to ``last`` as JPEG in base64, and the number of pages."""
    import base64  # noqa: PLC0415 - only after the limits are set

    import pypdfium2  # noqa: PLC0415

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        fail("locked" if "password" in str(error).lower() else "broken")
    say({"pages": len(document)})
    for number in range(first, min(last, len(document))):
        page = document[number]
        scale = min(3.0, width / max(1.0, page.get_width()), 4000 / max(1.0, page.get_height()))
        buffer = io.BytesIO()
        page.render(scale=scale).to_pil().convert("RGB").save(buffer, "JPEG", quality=80)
        say({"page": number, "jpeg": base64.b64encode(buffer.getvalue()).decode()})


def words(path: str, first: int, last: int, _: int) -> None:
    """Text of a PDF, page by page."""
    import pypdfium2  # noqa: PLC0415 - only after the limits are set

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        fail("locked" if "password" in str(error).lower() else "broken")
    for number in range(first, min(last, len(document))):
        say({"text": document[number].get_textpage().get_text_range()})


JOBS: dict[str, Callable[..., None]] = {
    "sheets": sheets,
    "comma": comma,
    "word": word,
    "paper": paper,
    "words": words,
}


def main(job: str, path: str, memory: str, seconds: str, *numbers: str) -> None:
    """Limit first, then work."""
    confine(int(memory), int(seconds))
    try:
        JOBS[job](path, *map(int, numbers))
    except MemoryError:
        fail("memory")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
