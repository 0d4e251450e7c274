"""What a document puts on paper: the cleaned body with its pictures, its tables, or its words (D12.3)."""

from collections.abc import Callable
from dataclasses import dataclass, field

import nh3
from django.utils.safestring import SafeString, mark_safe

from anlan.engines.files.confined import confined
from anlan.engines.files.grids import Grid, read_grids
from anlan.engines.files.kinds import decode
from anlan.engines.files.previewing import SPANS, TAGS
from anlan.engines.files.stored import StoredFile
from anlan.kernel.errors import Rejected

EDGE = 1200
ROWS, COLUMNS, SHEETS = 1000, 30, 10
TEXT = 400_000
LARGE = "文件太长，请下载后打印"


@dataclass(frozen=True)
class Printable:
    """One of the three: ``html`` (cleaned; its pictures are ``data:`` addresses), ``grids``, or ``text``."""

    html: SafeString | str = ""
    grids: list[Grid] = field(default_factory=list)
    text: str = ""


def printable(file: StoredFile) -> Printable:
    """Rejected for a kind that cannot be printed here, a broken file, and one too long."""
    make = MAKERS.get(file.kind)
    if make is None:
        raise Rejected({"file": "这种格式不能直接打印，请下载后打印"})
    return make(file)


def _word(file: StoredFile) -> Printable:
    # The child has redrawn the pictures as small JPEG; nh3 lets nothing else through.
    raw = "".join(said["html"] for said in confined("word", file.path, EDGE))
    allowed = {**SPANS, "img": {"src"}}
    clean = nh3.clean(raw, tags=TAGS | {"img"}, attributes=allowed, url_schemes={"data"})
    return Printable(html=mark_safe(clean))  # noqa: S308


def _tables(file: StoredFile) -> Printable:
    grids = read_grids(file.path, file.kind, sheets=SHEETS, first=ROWS + 1)
    if any(len(grid.rows) > ROWS for grid in grids):
        raise Rejected({"file": f"表格超过 {ROWS:,} 行，请下载后打印"})
    return Printable(grids=[_narrow(grid) for grid in grids])


def _narrow(grid: Grid) -> Grid:
    return Grid(grid.name, [(number, cells[:COLUMNS]) for number, cells in grid.rows], grid.merges)


def _words(text: str) -> Printable:
    if len(text) > TEXT:
        raise Rejected({"file": LARGE})
    return Printable(text=text)


def _old_word(file: StoredFile) -> Printable:
    return _words("\n".join(said["text"] for said in confined("old_word", file.path)))


def _slides(file: StoredFile) -> Printable:
    return _words("\n\n".join("\n".join(said["slide"]) for said in confined("slides", file.path)))


def _plain(file: StoredFile) -> Printable:
    return _words(decode(file.path.read_bytes()))


MAKERS: dict[str, Callable[[StoredFile], Printable]] = {
    "docx": _word,
    "doc": _old_word,
    "xlsx": _tables,
    "xls": _tables,
    "csv": _tables,
    "txt": _plain,
    "pptx": _slides,
}
