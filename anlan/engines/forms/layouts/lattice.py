"""A layout as data: sizes, merged ranges, looks and what stands in the cells that ask nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from anlan.kernel.errors import Rejected

ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})")
RANGE = re.compile(r"([A-Z]{1,3}[1-9]\d{0,6})(?::([A-Z]{1,3}[1-9]\d{0,6}))?")
MOST_CELLS = 6_000
Place = tuple[int, int]


@dataclass(frozen=True)
class Look:
    """How a cell looks; border styles, alignment and number format in the words of the file format."""

    font: str = ""
    size: str = ""
    bold: bool = False
    italic: bool = False
    underline: bool = False
    colour: str = ""
    fill: str = ""
    left: str = ""
    right: str = ""
    top: str = ""
    bottom: str = ""
    horizontal: str = ""
    vertical: str = ""
    wrap: bool = False
    format: str = ""


@dataclass(frozen=True)
class Spot:
    """A cell: its address, look, and the words or number printed in it."""

    at: str
    look: int = 0
    text: str = ""
    number: Decimal | None = None


@dataclass(frozen=True)
class Layout:
    """A sheet; ``widths`` in characters, ``heights`` in points (decimals as text), ``merges`` such as ``A1:C1``."""

    sheet: str
    widths: tuple[str, ...]
    heights: tuple[str, ...]
    merges: tuple[str, ...] = ()
    looks: tuple[Look, ...] = ()
    spots: tuple[Spot, ...] = ()
    landscape: bool = False

    def by_address(self) -> dict[str, Spot]:
        """Cells by their address."""
        return {spot.at: spot for spot in self.spots}

    def look_of(self, spot: Spot | None) -> Look:
        """The look of a cell; none for a cell nobody styled."""
        return self.looks[spot.look] if spot is not None and spot.look < len(self.looks) else Look()

    def spans(self) -> dict[Place, Place]:
        """Rows and columns covered, by the upper left cell of each merged range."""
        return {(a, b): (c - a + 1, d - b + 1) for a, b, c, d in map(corners, self.merges)}

    def covered(self) -> set[Place]:
        """Cells hidden under a merged range, its upper left one aside."""
        return {
            (row, column)
            for a, b, c, d in map(corners, self.merges)
            for row in range(a, c + 1)
            for column in range(b, d + 1)
            if (row, column) != (a, b)
        }

    def holds(self, at: str) -> bool:
        """Whether the address is a cell of the sheet that can be seen."""
        row, column = place_of(at)
        inside = row < len(self.heights) and column < len(self.widths)
        return inside and (row, column) not in self.covered()


def letters(column: int) -> str:
    """``A`` for 0, ``AB`` for 27."""
    said, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        said = chr(65 + rest) + said
    return said


def address(row: int, column: int) -> str:
    """``B5`` for row 4 and column 1."""
    return f"{letters(column)}{row + 1}"


def place_of(at: str) -> Place:
    """Row and column of an address, from 0; Rejected for anything else."""
    found = ADDRESS.fullmatch(at)
    if not found:
        raise Rejected({"at": f"“{at[:20]}”不是单元格"})
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]) - 1, column - 1


def corners(said: str) -> tuple[int, int, int, int]:
    """First row and column, last row and column of ``A1:C3`` or ``A1``; Rejected for anything else."""
    found = RANGE.fullmatch(said)
    if not found:
        raise Rejected({"at": f"“{said[:20]}”不是单元格区域"})
    one, other = place_of(found[1]), place_of(found[2] or found[1])
    return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])


def cells_of(said: str) -> Iterator[str]:
    """Addresses of a range, row by row; Rejected for more than a layout may hold."""
    a, b, c, d = corners(said)
    if (c - a + 1) * (d - b + 1) > MOST_CELLS:
        raise Rejected({"at": "选的单元格太多"})
    for row in range(a, c + 1):
        for column in range(b, d + 1):
            yield address(row, column)
