"""What a cell is about, read from the headings above it and before it."""

from anlan.engines.forms.layouts.lattice import Layout, Place, address, corners, place_of


def label_of(layout: Layout, at: str) -> str:
    """Words of the row and of the column of a cell, such as ``灭火器：室内 数量``; its address where there are none.

    A cell over several columns, or in a line of several labels, is named by the label before it alone.
    """
    words = _Words(layout)
    row, column = place_of(at)
    alone = layout.spans().get((row, column), (1, 1))[1] > 1 or words.labels(row, column) > 1
    before = words.before(row, column)
    above = "" if alone and before else words.above(row, column)
    return "：".join(part for part in (before, above) if part)[:200] or at


class _Words:
    """Printed words by cell; those of a merged range stand in each of its cells."""

    def __init__(self, layout: Layout) -> None:
        spots = layout.by_address()
        self.said: dict[Place, str] = {
            place_of(spot.at): " ".join(spot.text.split()) for spot in layout.spots if spot.text
        }
        self.whole: set[Place] = set()
        for a, b, c, d in map(corners, layout.merges):
            spot = spots.get(address(a, b))
            inside = [(row, column) for row in range(a, c + 1) for column in range(b, d + 1)]
            if d - b + 1 >= len(layout.widths):
                self.whole.update(inside)
            if spot is not None and spot.text:
                self.said.update(dict.fromkeys(inside, " ".join(spot.text.split())))

    def before(self, row: int, column: int) -> str:
        """The nearest words to the left, in the row itself."""
        return next((text for c in range(column - 1, -1, -1) if (text := self.said.get((row, c)))), "")

    def labels(self, row: int, column: int) -> int:
        """How many different words stand to the left in the row."""
        return len({self.said[row, c] for c in range(column) if (row, c) in self.said})

    def above(self, row: int, column: int) -> str:
        """Headings above the cell, the nearest block of them, without titles over the whole width."""
        found: list[str] = []
        for r in range(row - 1, -1, -1):
            text = self.said.get((r, column), "")
            if (r, column) in self.whole:
                break
            if text and text not in found:
                found.append(text)
            elif not text and found:
                break
        return " ".join(reversed(found))
