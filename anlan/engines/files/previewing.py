"""Looking into a file without a program for it: pages, cleaned text, first rows, player (X.11).

Previews are made for the one who looks and never lie on the disk (MLPS.18).
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe

from anlan.engines.files.confined import confined
from anlan.engines.files.grids import read_grids
from anlan.engines.files.kinds import decode
from anlan.engines.files.stored import StoredFile
from anlan.kernel.errors import Missing, Rejected

ROWS, COLUMNS = 50, 20
TEXT = 100_000
WIDTH = 1200
PAGES, DEEPEST = 30, 3_000
TEXT_TAGS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "u", "s", "br", "sup", "sub"}
TAGS = TEXT_TAGS | {"ul", "ol", "li", "table", "thead", "tbody", "tr", "td", "th"}
SPANS = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}


@dataclass(frozen=True)
class Preview:
    """``kind`` is picture, video, sound, pages, html, table, text or none; ``why`` says what stood in the way."""

    kind: str
    pages: list[int] = field(default_factory=list)
    total: int = 0
    html: SafeString | str = ""
    rows: list[tuple[int, list[Any]]] = field(default_factory=list)
    text: str = ""
    why: str = ""


def preview(file: StoredFile) -> Preview:
    """What a page shows of the file; never raises for a file that cannot be read."""
    if file.is_a.family != "document":
        return Preview("none" if file.kind == "amr" else file.is_a.family, why="请下载后播放")
    make = MAKERS.get(file.kind)
    if make is None:
        return Preview("none", why="这种格式不能直接预览，请下载后查看")
    try:
        return make(file)
    except Rejected as refusal:
        return Preview("none", why=refusal.message)


def _word(file: StoredFile) -> Preview:
    raw = "".join(said["html"] for said in confined("word", file.path))
    return Preview("html", html=mark_safe(nh3.clean(raw, tags=TAGS, attributes=SPANS)))  # noqa: S308


def _old_word(file: StoredFile) -> Preview:
    said = "\n".join(said["text"] for said in confined("old_word", file.path))
    return Preview("text", text=said[:TEXT])


def _paper(file: StoredFile) -> Preview:
    total = next(confined("paper", file.path, 0, 0, WIDTH))["pages"]
    return Preview("pages", pages=list(range(1, min(total, PAGES) + 1)), total=total)


def page_picture(file: StoredFile, number: int) -> bytes:
    """A page of a PDF as a JPEG, counted from 1; Missing where there is none."""
    if file.kind != "pdf" or not 1 <= number <= DEEPEST:
        raise Missing
    for said in confined("paper", file.path, number - 1, number, WIDTH):
        if "jpeg" in said:
            return base64.b64decode(said["jpeg"])
    raise Missing


def _table(file: StoredFile) -> Preview:
    grids = read_grids(file.path, file.kind, first=ROWS)
    rows = grids[0].rows if grids else []
    return Preview("table", rows=[(number, cells[:COLUMNS]) for number, cells in rows])


def _text(file: StoredFile) -> Preview:
    return Preview("text", text=decode(file.path.read_bytes())[:TEXT])


def _slides(file: StoredFile) -> Preview:
    slides = ["\n".join(said["slide"]) for said in confined("slides", file.path)]
    return Preview("text", text="\n\n".join(slides)[:TEXT])


MAKERS: dict[str, Callable[[StoredFile], Preview]] = {
    "docx": _word,
    "doc": _old_word,
    "pdf": _paper,
    "xlsx": _table,
    "xls": _table,
    "csv": _table,
    "txt": _text,
    "pptx": _slides,
}
