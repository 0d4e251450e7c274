"""Reading what people fill in: finds the heading, keeps row numbers, forgives habits (X.12, D01.2)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from anlan.engines.exchange.heads import LOOK, find_head
from anlan.engines.files.api import Incoming, aside, open_grid, recognise, spool
from anlan.kernel.errors import Rejected

KINDS = ("xlsx", "xls", "csv")
INERT = ("'=", "'+", "'-", "'@")


@dataclass(frozen=True)
class SheetRow:
    """A row under its number in the file; ``cells`` are as many as there are headings."""

    number: int
    cells: tuple[Any, ...]


@dataclass(frozen=True)
class Sheet:
    """Headings and the rows below them, empty ones left out."""

    headers: tuple[str, ...]
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True)
class OpenSheet:
    """The same, read while it is gone through; ``height`` is about how many rows there will be."""

    headers: tuple[str, ...]
    height: int
    rows: Iterator[SheetRow]


def read_sheet(path: Path, name: str = "", *, titles: Iterable[str] = (), max_rows: int = 100_000) -> Sheet:
    """The first visible sheet of the file at ``path``; ``name`` is what its sender called it.

    ``titles`` are headings to look for. Rejected (field ``file``) for anything that is no plain, sound table.
    """
    sheet = open_sheet(path, name, titles=titles, max_rows=max_rows)
    return Sheet(sheet.headers, tuple(sheet.rows))


def open_sheet(
    path: Path, name: str = "", *, titles: Iterable[str] = (), max_rows: int = 100_000
) -> OpenSheet:
    """The same for a table too long to be held as a whole; Rejected may also come while it is read."""
    kind = recognise(path, name or path.name)
    if kind.code not in KINDS:
        raise Rejected({"file": "请上传表格文件（.xlsx、.xls 或 .csv）"})
    grid = open_grid(path, kind.code, max_rows=max_rows)
    top = list(islice(grid.rows, LOOK + 1))
    if not top:
        raise Rejected({"file": "表格里没有内容"})
    head = find_head(top, grid.merges, list(titles))
    below = _below(chain(top[head.after :], grid.rows), len(head.titles), kind.code == "csv")
    return OpenSheet(head.titles, grid.height, below)


def read_upload(upload: Incoming, *, titles: Iterable[str] = (), max_rows: int = 100_000) -> Sheet:
    """The same for a file that has just been sent and need not be kept."""
    with aside() as path:
        spool(upload, path)
        return read_sheet(path, upload.name or "", titles=titles, max_rows=max_rows)


def _below(rows: Iterable[tuple[int, list[Any]]], width: int, from_csv: bool) -> Iterator[SheetRow]:
    """Rows that say something; notes are held back, because those at the very end are no records."""
    notes: list[SheetRow] = []
    for number, cells in rows:
        row = SheetRow(number, tuple(_padded([_uninert(v) for v in cells] if from_csv else cells, width)))
        if _is_note(row):
            notes.append(row)
        elif any(value is not None for value in row.cells):
            yield from (*notes, row)
            notes.clear()


def _padded(cells: Sequence[Any], width: int) -> list[Any]:
    return [*cells[:width], *[None] * (width - len(cells))]


def _uninert(value: Any) -> Any:
    """Undo the apostrophe our own CSV files carry against formulas."""
    return value[1:] if isinstance(value, str) and value.startswith(INERT) else value


def _is_note(row: SheetRow) -> bool:
    """The closing line of our own exports, which is no record."""
    said = [value for value in row.cells if value is not None]
    return len(said) == 1 and str(said[0]).startswith("导出人")
