"""The cells, merges and sizes of one sheet, read from its XML part."""

import re
import zipfile
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from anlan.engines.files.children.confining import fail
from anlan.engines.files.children.looks import MAIN

ADDRESS = re.compile(r"([A-Z]{1,3})(\d{1,7})$")
WIDTH, HEIGHT = 8.43, 15.0
MOST_MERGES = 2_000


@dataclass
class Plate:
    """Sizes in characters and points; ``cells`` are row, column, kind, value, formula, number of the style."""

    widths: list[float] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)
    merges: list[list[int]] = field(default_factory=list)
    cells: list[list[Any]] = field(default_factory=list)
    landscape: bool = False
    rows: int = 0
    columns: int = 0


@dataclass
class _Sizes:
    width: float = WIDTH
    height: float = HEIGHT
    columns: list[tuple[int, int, float]] = field(default_factory=list)
    rows: dict[int, float] = field(default_factory=dict)


def place(address: str) -> tuple[int, int]:
    """Row and column of ``B5``, from 0; ValueError for anything else."""
    found = ADDRESS.match(address)
    if not found:
        raise ValueError(address)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def plate_of(package: zipfile.ZipFile, part: str, texts: list[str], max_rows: int, max_columns: int) -> Plate:
    """The sheet in ``part``; rows beyond the limit stop the reading at once."""
    plate, sizes = Plate(), _Sizes()
    with package.open(part) as stream:
        for _, node in ElementTree.iterparse(stream):  # noqa: S314 - no declarations, memory is bounded
            reader = READERS.get(node.tag.removeprefix(MAIN))
            if reader:
                reader(node, plate, sizes, texts)
            if len(plate.cells) > max_rows * max_columns:
                fail("rows")
    _close(plate, sizes, max_rows, max_columns)
    return plate


def _row(node: ElementTree.Element, plate: Plate, sizes: _Sizes, texts: list[str]) -> None:
    number = int(node.get("r") or 0) - 1
    if node.get("hidden") in ("1", "true"):
        sizes.rows[number] = 0.0
    elif node.get("ht"):
        sizes.rows[number] = float(node.get("ht") or HEIGHT)
    plate.cells += [_cell(cell, texts) for cell in node if cell.tag == f"{MAIN}c"]
    node.clear()


def _cell(node: ElementTree.Element, texts: list[str]) -> list[Any]:
    row, column = place(node.get("r", ""))
    kind, value = node.get("t", "n"), node.findtext(f"{MAIN}v")
    if kind == "s" and value is not None:
        kind, value = "t", texts[int(value)]
    elif kind == "inlineStr":
        kind, value = "t", "".join(item.text or "" for item in node.iter(f"{MAIN}t"))
    elif kind in ("str", "e"):
        kind = "t"
    return [row, column, kind, value or "", _formula(node), int(node.get("s") or 0)]


def _formula(node: ElementTree.Element) -> list[str]:
    """The formula as ``[text, shared group]``; array formulas are told as such."""
    said = node.find(f"{MAIN}f")
    if said is None:
        return []
    if said.get("t") in ("array", "dataTable"):
        return ["{}", ""]
    return [said.text or "", said.get("si", "") if said.get("t") == "shared" else ""]


def _merge(node: ElementTree.Element, plate: Plate, sizes: _Sizes, texts: list[str]) -> None:
    first, _, last = (node.get("ref") or "").partition(":")
    plate.merges.append([*place(first), *place(last or first)])
    if len(plate.merges) > MOST_MERGES:
        fail("rows")


def _column(node: ElementTree.Element, plate: Plate, sizes: _Sizes, texts: list[str]) -> None:
    hidden = node.get("hidden") in ("1", "true")
    width = 0.0 if hidden else float(node.get("width") or WIDTH)
    sizes.columns.append((int(node.get("min") or 1) - 1, int(node.get("max") or 1) - 1, width))


def _defaults(node: ElementTree.Element, plate: Plate, sizes: _Sizes, texts: list[str]) -> None:
    sizes.width = float(node.get("defaultColWidth") or WIDTH)
    sizes.height = float(node.get("defaultRowHeight") or HEIGHT)


def _paper(node: ElementTree.Element, plate: Plate, sizes: _Sizes, texts: list[str]) -> None:
    plate.landscape = node.get("orientation") == "landscape"


READERS = {
    "row": _row,
    "mergeCell": _merge,
    "col": _column,
    "sheetFormatPr": _defaults,
    "pageSetup": _paper,
}


def _close(plate: Plate, sizes: _Sizes, max_rows: int, max_columns: int) -> None:
    """Fix how far the sheet reaches: up to the last cell that says something, is merged, or is styled inside."""
    said = [cell for cell in plate.cells if cell[3] or cell[4]]
    plate.rows = max([cell[0] + 1 for cell in said] + [merge[2] + 1 for merge in plate.merges] + [0])
    plate.columns = max([cell[1] + 1 for cell in said] + [merge[3] + 1 for merge in plate.merges] + [0])
    styled = [cell for cell in plate.cells if cell[5] and cell[0] < max_rows and cell[1] < max_columns]
    plate.rows = max([plate.rows, *(cell[0] + 1 for cell in styled)])
    plate.columns = max([plate.columns, *(cell[1] + 1 for cell in styled)])
    if not said:
        fail("empty")
    if plate.rows > max_rows:
        fail("rows")
    if plate.columns > max_columns:
        fail("columns")
    plate.cells = [cell for cell in plate.cells if cell[0] < plate.rows and cell[1] < plate.columns]
    plate.widths = [sizes.width] * plate.columns
    for first, last, width in sizes.columns:
        for column in range(first, min(last, plate.columns - 1) + 1):
            plate.widths[column] = width
    plate.heights = [sizes.rows.get(row, sizes.height) for row in range(plate.rows)]
