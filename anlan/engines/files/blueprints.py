"""A sheet as somebody laid it out: what the child ``blueprint`` tells of an .xlsx file."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from anlan.engines.files.confined import confined

MAX_ROWS = 300
MAX_COLUMNS = 60


@dataclass(frozen=True)
class Blueprint:
    """Cells are ``[row, column, kind, value, formula, look]`` counted from 0; kinds t (text), n (number), b.

    ``widths`` in characters, ``heights`` in points, ``merges`` as row, column, row, column. ``notes`` are codes of
    what was left out: sheets, links, pictures.
    """

    sheet: str
    rows: int
    columns: int
    widths: list[float]
    heights: list[float]
    merges: list[list[int]]
    landscape: bool
    notes: list[str]
    looks: list[dict[str, Any]] = field(default_factory=list)
    cells: list[list[Any]] = field(default_factory=list)


def read_blueprint(path: Path, *, max_rows: int = MAX_ROWS, max_columns: int = MAX_COLUMNS) -> Blueprint:
    """The first visible sheet of an .xlsx file; Rejected for what cannot be read or is larger than the limit."""
    said: dict[str, Any] = {}
    for line in confined("blueprint", path, max_rows, max_columns):
        said |= line
    return Blueprint(**said)
