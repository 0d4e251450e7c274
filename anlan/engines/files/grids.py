"""Cells of a spreadsheet as they stand in the file, with their row numbers and merged ranges."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anlan.engines.files.confined import confined, confined_whole
from anlan.kernel.errors import Rejected

MAX_ROWS = 100_000
MAX_COLUMNS = 256


@dataclass
class Grid:
    """One sheet; ``rows`` leaves empty ones out, ``merges`` are (row, column, row, column) counted from 0."""

    name: str
    rows: list[tuple[int, list[Any]]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)


def read_grids(
    path: Path, kind: str, *, sheets: int = 1, max_rows: int = MAX_ROWS, first: int = 0
) -> list[Grid]:
    """The first visible ``sheets`` of an .xls, .xlsx or .csv file; Rejected for what cannot be read.

    ``first`` stops after so many rows, for a look into a file of any length.
    """
    grids: list[Grid] = []
    column = 0
    for said in confined("comma" if kind == "csv" else "sheets", path, max_rows, MAX_COLUMNS, sheets, first):
        if isinstance(said, dict):
            column = said["column"]
            grids.append(Grid(said["sheet"], [], [tuple(merge) for merge in said["merges"]]))
        else:
            grids[-1].rows += [(number, [None] * column + values) for number, values in said]
    return grids


@dataclass(frozen=True)
class OpenGrid:
    """The first visible sheet, read while it is gone through; ``height`` counts its rows, empty ones too."""

    merges: list[tuple[int, int, int, int]]
    height: int
    rows: Iterator[tuple[int, list[Any]]]


def open_grid(path: Path, kind: str, *, max_rows: int = MAX_ROWS) -> OpenGrid:
    """A sheet too long to be held as a whole; Rejected as :func:`read_grids`, also while it is read."""
    said = confined_whole("comma" if kind == "csv" else "sheets", path, max_rows, MAX_COLUMNS, 1, 0)
    if (head := next(said, None)) is None:
        raise Rejected({"file": "表格里没有内容"})
    return OpenGrid(
        [tuple(merge) for merge in head["merges"]], head["height"], _shifted(said, head["column"])
    )


def _shifted(batches: Iterator[Any], column: int) -> Iterator[tuple[int, list[Any]]]:
    for batch in batches:
        for number, values in batch:
            yield number, [None] * column + values
