"""What a file says, piece by piece, read in confined children (D05.3, D05.5)."""

import html
from collections.abc import Callable, Iterator
from typing import Any

import nh3

from anlan.engines.files.api import StoredFile, confined, decode, read_grids
from anlan.engines.library.passages import BETWEEN, PAGE, ROW, SLIDE, Piece, paragraph, pieces_of_markup
from anlan.kernel.errors import Rejected

MARKS = "p br h1 h2 h3 h4 h5 h6 strong b em i u s sup sub blockquote ul ol li table thead tbody tr td th"
TAGS = set(MARKS.split())
SPANS = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
CHUNK, PAGES, SHEETS, ROWS = 100, 3_000, 30, 20_000
Told = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """For whoever does not ask how far it is."""


def pieces_of(file: StoredFile, told: Told = silent) -> Iterator[Piece]:
    """The text of a file; nothing for kinds that hold none. Rejected where the file cannot be read."""
    reader = READERS.get(file.kind)
    if reader is not None:
        yield from reader(file, told)


def holds_text(kind: str) -> bool:
    """Whether files of this kind can be read."""
    return kind in READERS


def markup_of(file: StoredFile) -> str:
    """A document as cleaned HTML, to be edited on; Rejected for other kinds and what cannot be read."""
    maker = MARKUPS.get(file.kind)
    if maker is None:
        raise Rejected({"file": "可以导入正文的是 .doc、.docx 和 .txt 文件"})
    markup = nh3.clean(maker(file), tags=TAGS, attributes=SPANS)
    if not any(True for _ in pieces_of_markup(markup)):
        raise Rejected({"file": "文件里没有文字"})
    return str(markup)


def _word(file: StoredFile) -> str:
    return "".join(said["html"] for said in confined("word", file.path))


def _old_word(file: StoredFile) -> str:
    return "".join(_line(said["text"]) for said in confined("old_word", file.path))


def _line(text: str) -> str:
    return paragraph(text.strip().replace("\t", "　"))


def _plain(file: StoredFile) -> str:
    return "".join(_line(line) for line in decode(file.path.read_bytes()).splitlines() if line.strip())


MARKUPS: dict[str, Callable[[StoredFile], str]] = {"docx": _word, "doc": _old_word, "txt": _plain}


def _paragraphs(file: StoredFile, told: Told) -> Iterator[Piece]:
    yield from pieces_of_markup(markup_of(file))


def _paper(file: StoredFile, told: Told) -> Iterator[Piece]:
    total = min(next(confined("paper", file.path, 0, 0, 0))["pages"], PAGES)
    number = 0
    for first in range(0, total, CHUNK):
        told(first, total)
        for said in confined("paper", file.path, first, first + CHUNK, 0):
            if "text" in said:
                number += 1
                yield Piece(PAGE, number, said["text"])


def _slides(file: StoredFile, told: Told) -> Iterator[Piece]:
    for number, said in enumerate(confined("slides", file.path), 1):
        yield Piece(SLIDE, number, "\n".join(said["slide"]), "".join(map(paragraph, said["slide"])))


def _cells(file: StoredFile, told: Told) -> Iterator[Piece]:
    for grid in read_grids(file.path, file.kind, sheets=SHEETS, first=ROWS):
        for number, cells in grid.rows:
            words = ["" if cell is None else str(cell) for cell in cells]
            marked = "".join(f"<td>{html.escape(word)}</td>" for word in words)
            yield Piece(
                ROW,
                number,
                BETWEEN.join(filter(None, words)),
                f"<tr><th>{number}</th>{marked}</tr>",
                grid.name,
            )


READERS: dict[str, Any] = {
    "pdf": _paper,
    "docx": _paragraphs,
    "doc": _paragraphs,
    "txt": _paragraphs,
    "pptx": _slides,
    "xlsx": _cells,
    "xls": _cells,
    "csv": _cells,
}
