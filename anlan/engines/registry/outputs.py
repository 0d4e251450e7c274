"""Formats a list leaves the house in; higher engines add theirs."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from anlan.kernel.registry import Registry

Cells = Iterable[Sequence[Any]]
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Writer:
    """A file format: code (also the ending), words of the menu, content type, and what makes the file.

    ``write(title, heads, rows, note)`` returns the octets; ``note`` names exporter and time.
    """

    code: str
    title: str
    content_type: str
    write: Callable[[str, Sequence[str], Cells, str], bytes]


writers: Registry[Writer] = Registry("file format")


def add_writer(writer: Writer) -> Writer:
    """Offer a further format for exports."""
    return writers.add(writer.code, writer)


def inert(value: Any) -> Any:
    """The value as a spreadsheet shows it without taking it for a formula."""
    if isinstance(value, bool):
        return "是" if value else "否"
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def write_csv(title: str, heads: Sequence[str], rows: Cells, note: str) -> bytes:
    """UTF-8 with a mark that spreadsheet programs understand; the note is the last line."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows([inert(value) for value in row] for row in rows)
    writer.writerow([note])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


add_writer(Writer("csv", "CSV 文件", "text/csv; charset=utf-8", write_csv))
