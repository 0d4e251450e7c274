"""A layout drawn as a table of the page; on a phone the same cells become a list of questions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from anlan.engines.forms.definition import KINDS
from anlan.engines.forms.drawing import Drawn, Sheet
from anlan.engines.forms.layouts.drafting import in_format, shown_number
from anlan.engines.forms.layouts.lattice import Layout, Look, address, letters

PIXELS, POINTS, BIG, HUGE = 7, Decimal("1.3333"), 14, 18
ACROSS = {
    "center": "is-centre",
    "centerContinuous": "is-centre",
    "right": "is-right",
    "distributed": "is-centre",
}
DOWN = {"center": "is-middle", "top": "is-top"}
SIDES = {"left": "has-l", "right": "has-r", "top": "has-t", "bottom": "has-b"}


@dataclass(frozen=True)
class Box:
    """A cell of the page: words, or the question asked there; ``said`` is shown in place of an answer."""

    at: str
    text: str
    looks: str
    across: int
    down: int
    asked: Drawn | None = None
    said: str = ""
    link: str = ""

    @property
    def kind(self) -> str:
        """What is asked, in words."""
        return KINDS[self.asked.question.type] if self.asked else ""


@dataclass(frozen=True)
class Line:
    """A row of the table with its number and height in pixels."""

    number: int
    height: int
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Grid:
    """The table: widths of its columns in pixels, headed by their letters."""

    title: str
    widths: tuple[int, ...]
    lines: tuple[Line, ...]
    editable: bool = False

    @property
    def width(self) -> int:
        """Of the whole table."""
        return sum(self.widths)

    @property
    def letters(self) -> list[str]:
        """Names of the columns."""
        return [letters(column) for column in range(len(self.widths))]


def grid_of(layout: Layout, sheet: Sheet) -> Grid:
    """The sheet of a form in its layout."""
    return draw(layout, {drawn.key: drawn for drawn in sheet.questions}, editable=sheet.editable)


def draw(
    layout: Layout,
    asked: Mapping[str, Drawn],
    *,
    said: Mapping[str, str] | None = None,
    links: Mapping[str, str] | None = None,
    editable: bool = False,
) -> Grid:
    """The table; ``said`` puts words into cells, ``links`` leads from them to what is behind."""
    painter = _Painter(layout, asked, said or {}, links or {})
    lines = tuple(Line(row + 1, height, tuple(painter.boxes(row))) for row, height in _heights(layout))
    widths = tuple(max(0, round(Decimal(width) * PIXELS)) for width in layout.widths)
    return Grid(layout.sheet, widths, lines, editable)


def _heights(layout: Layout) -> Iterator[tuple[int, int]]:
    for row, height in enumerate(layout.heights):
        if Decimal(height):
            yield row, round(Decimal(height) * POINTS)


class _Painter:
    """Draws cell by cell."""

    def __init__(
        self, layout: Layout, asked: Mapping[str, Drawn], said: Mapping[str, str], links: Mapping[str, str]
    ) -> None:
        self.layout, self.asked, self.said, self.links = layout, asked, said, links
        self.spots, self.spans, self.covered = layout.by_address(), layout.spans(), layout.covered()

    def boxes(self, row: int) -> Iterator[Box]:
        """The cells of a row that can be seen."""
        for column in range(len(self.layout.widths)):
            if (row, column) not in self.covered:
                yield self._box(row, column)

    def _box(self, row: int, column: int) -> Box:
        at = address(row, column)
        spot = self.spots.get(at)
        down, across = self.spans.get((row, column), (1, 1))
        return Box(
            at,
            shown_number(spot, self.layout.look_of(spot)) if spot else "",
            " ".join(self._looks(row, column, down, across)),
            across,
            down,
            self.asked.get(at),
            in_format(self._said(at), self.layout.look_of(spot).format),
            self.links.get(at, ""),
        )

    def _said(self, at: str) -> str:
        """Words put into a cell, or the result computed there."""
        asked = self.asked.get(at)
        if at in self.said or asked is None or asked.question.type != "computed":
            return self.said.get(at, "")
        return asked.text

    def _look(self, row: int, column: int) -> Look:
        return self.layout.look_of(self.spots.get(address(row, column)))

    def _looks(self, row: int, column: int, down: int, across: int) -> Iterator[str]:
        """Classes of a cell; the far sides of a merged one are those of its last cells."""
        look = self._look(row, column)
        last_column, last_row = self._look(row, column + across - 1), self._look(row + down - 1, column)
        sides = {"left": look, "top": look, "right": last_column, "bottom": last_row}
        for side, owner in sides.items():
            style = getattr(owner, side)
            if style and style != "none":
                yield f"{SIDES[side]}{'2' if style in ('medium', 'thick', 'double') else ''}"
        yield from _words(look)


def _words(look: Look) -> Iterator[str]:
    """Classes of font, alignment and fill."""
    if look.bold:
        yield "is-bold"
    if look.italic:
        yield "is-italic"
    if look.underline:
        yield "is-underlined"
    if look.fill and look.fill != "#FFFFFF":
        yield "is-tinted"
    size = Decimal(look.size or 0)
    if size >= BIG:
        yield "is-huge" if size >= HUGE else "is-big"
    yield from (found for found in (ACROSS.get(look.horizontal), DOWN.get(look.vertical)) if found)
