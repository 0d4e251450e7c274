"""Finding the heading: below title rows, in one row or in two with merged cells."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

LOOK = 12
Rows = Sequence[tuple[int, Sequence[Any]]]
Merges = Sequence[tuple[int, int, int, int]]
OFTEN = re.compile(r"[\s*＊:：]|[（(](必填|选填|可不填)[)）]")


@dataclass(frozen=True)
class Head:
    """The headings, and how many stored rows of the grid stand above the first row of data."""

    titles: tuple[str, ...]
    after: int


def squash(title: Any) -> str:
    """A heading as it is compared: half-width, without spaces, stars, colons and "(必填)"."""
    return OFTEN.sub("", unicodedata.normalize("NFKC", OFTEN.sub("", str(title or "")))).lower()


def find_head(rows: Rows, merges: Merges, titles: Sequence[str]) -> Head:
    """The row, or pair of rows, holding most of ``titles``; without titles the first row of several words.

    ``rows`` are the first ones of the sheet with their numbers, ``merges`` its merged ranges.
    """
    wanted = {squash(title) for title in titles}
    found = [head for at in range(min(LOOK, len(rows))) for head in _heads_at(rows, merges, at)]
    if wanted:
        best = max(found, key=lambda head: (_hits(head, wanted), -head.after))
        if _hits(best, wanted):
            return best
    broad = [head for head in found if len(set(filter(None, head.titles))) > 1]
    return (broad or found)[0]


def _hits(head: Head, wanted: set[str]) -> int:
    return len({squash(title) for title in head.titles} & wanted)


def _heads_at(rows: Rows, merges: Merges, at: int) -> list[Head]:
    width = max(len(cells) for _, cells in rows)
    number, cells = rows[at]
    upper = _spread(merges, number - 1, _texts(cells, width))
    single = Head(_trimmed(_texts(cells, width)), at + 1)
    if upper == _texts(cells, width) or at + 1 >= len(rows) or rows[at + 1][0] != number + 1:
        return [single]
    lower = _texts(rows[at + 1][1], width)
    return [single, Head(_trimmed(_joined(upper, lower)), at + 2)]


def _texts(cells: Sequence[Any], width: int) -> list[str]:
    said = ["" if cell is None else str(cell).strip() for cell in cells]
    return said + [""] * (width - len(said))


def _spread(merges: Merges, row: int, texts: list[str]) -> list[str]:
    """A cell merged over several columns speaks for each of them."""
    spread = list(texts)
    for top, left, _, right in merges:
        if top == row and right > left and left < len(spread):
            spread[left : right + 1] = [spread[left]] * (min(right + 1, len(spread)) - left)
    return spread


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    repeated = {text for text in lower if text and lower.count(text) > 1}
    return [
        f"{above}-{below}" if below in repeated and above else below or above
        for above, below in zip(upper, lower, strict=True)
    ]


def _trimmed(titles: Iterable[str]) -> tuple[str, ...]:
    said = list(titles)
    while said and not said[-1]:
        said.pop()
    return tuple(said)
