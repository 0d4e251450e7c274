"""Reading what people fill in: finds the heading, keeps row numbers, forgives habits (X.12, D01.2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anlan.engines.exchange.heads import Head, find_head
from anlan.engines.files.api import Grid, Incoming, aside, read_grids, recognise, spool
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


def read_sheet(path: Path, name: str = "", *, titles: Iterable[str] = (), max_rows: int = 100_000) -> Sheet:
    """The first visible sheet of the file at ``path``; ``name`` is what its sender called it.

    ``titles`` are headings to look for. Rejected (field ``file``) for anything that is no plain, sound table.
    """
    kind = recognise(path, name or path.name)
    if kind.code not in KINDS:
        raise Rejected({"file": "请上传表格文件（.xlsx、.xls 或 .csv）"})
    grids = read_grids(path, kind.code, max_rows=max_rows)
    if not grids or not grids[0].rows:
        raise Rejected({"file": "表格里没有内容"})
    return _below(grids[0], find_head(grids[0], list(titles)), kind.code == "csv")


def read_upload(upload: Incoming, *, titles: Iterable[str] = (), max_rows: int = 100_000) -> Sheet:
    """The same for a file that has just been sent and need not be kept."""
    with aside() as path:
        spool(upload, path)
        return read_sheet(path, upload.name or "", titles=titles, max_rows=max_rows)


def _below(grid: Grid, head: Head, from_csv: bool) -> Sheet:
    width = len(head.titles)
    rows = [
        SheetRow(number, tuple(_padded([_uninert(v) for v in cells] if from_csv else cells, width)))
        for number, cells in grid.rows[head.after :]
    ]
    kept = [row for row in rows if any(value is not None for value in row.cells)]
    while kept and _is_note(kept[-1]):
        kept.pop()
    return Sheet(head.titles, tuple(kept))


def _padded(cells: Sequence[Any], width: int) -> list[Any]:
    return [*cells[:width], *[None] * (width - len(cells))]


def _uninert(value: Any) -> Any:
    """Undo the apostrophe our own CSV files carry against formulas."""
    return value[1:] if isinstance(value, str) and value.startswith(INERT) else value


def _is_note(row: SheetRow) -> bool:
    """The closing line of our own exports, which is no record."""
    said = [value for value in row.cells if value is not None]
    return len(said) == 1 and str(said[0]).startswith("导出人")
