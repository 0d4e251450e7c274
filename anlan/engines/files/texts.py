"""Text held by a file, for searching (X.11)."""

import html
import re
from collections.abc import Callable, Iterator

from anlan.engines.files.confined import confined
from anlan.engines.files.grids import read_grids
from anlan.engines.files.kinds import decode
from anlan.engines.files.stored import StoredFile
from anlan.kernel.errors import Rejected

LONGEST = 200_000
PAGES = 500
SHEETS = 20
TAG = re.compile(r"<[^>]+>")


def text_of(file: StoredFile) -> str:
    """What can be searched in it; empty for pictures, sound, old Word files and whatever cannot be read."""
    reader = READERS.get(file.kind)
    if reader is None:
        return ""
    try:
        return " ".join(_bounded(reader(file)))
    except Rejected:
        return ""


def _bounded(parts: Iterator[str]) -> Iterator[str]:
    left = LONGEST
    for part in parts:
        if left <= 0:
            return
        yield part[:left]
        left -= len(part)


def _word(file: StoredFile) -> Iterator[str]:
    for said in confined("word", file.path):
        yield html.unescape(TAG.sub(" ", said["html"]))


def _paper(file: StoredFile) -> Iterator[str]:
    for said in confined("paper", file.path, 0, PAGES, 0):
        yield said.get("text", "")


def _slides(file: StoredFile) -> Iterator[str]:
    for said in confined("slides", file.path):
        yield from said["slide"]


def _cells(file: StoredFile) -> Iterator[str]:
    for grid in read_grids(file.path, file.kind, sheets=SHEETS):
        yield grid.name
        for _, cells in grid.rows:
            yield from (str(cell) for cell in cells if cell is not None)


def _plain(file: StoredFile) -> Iterator[str]:
    yield decode(file.path.read_bytes())


READERS: dict[str, Callable[[StoredFile], Iterator[str]]] = {
    "docx": _word,
    "pdf": _paper,
    "pptx": _slides,
    "xlsx": _cells,
    "xls": _cells,
    "csv": _plain,
    "txt": _plain,
}
