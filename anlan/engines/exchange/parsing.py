"""Rows of a file as texts by column, read while they are gone through."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from django.db import connection

from anlan.engines.exchange.columns import Parsed, texts, titles_of
from anlan.engines.exchange.numbered import read_numbered_lines
from anlan.engines.exchange.sheets import open_sheet
from anlan.engines.exchange.targets import Context, ImportTarget
from anlan.kernel.errors import Rejected

__all__ = ["DOCUMENTS", "Parsed", "Rows", "max_rows", "parsed"]

MAX_ROWS = {"postgresql": 200_000, "sqlite": 20_000}  # SQLite lets nobody else write while all are stored
DOCUMENTS = {".docx", ".txt"}


@dataclass(frozen=True)
class Rows:
    """``lines`` of the file, about ``total`` of them."""

    lines: Iterator[Parsed]
    total: int


def max_rows() -> int:
    """Most rows of one import on this site's database."""
    return MAX_ROWS.get(connection.vendor, 20_000)


def parsed(target: ImportTarget, context: Context, path: Path, name: str) -> Rows:
    """Rows of the file; Rejected (field ``file``) at once or on the way for one that cannot be read."""
    if target.takes_documents and PurePath(name).suffix.lower() in DOCUMENTS:
        found = read_numbered_lines(path, name)
        lines: Iterator[Parsed] = ((line.number, target.line(line.text, context), {}) for line in found)
        return Rows(_bounded(lines), len(found))
    columns = target.columns(context.actor.user)
    sheet = open_sheet(path, name, titles=titles_of(columns), max_rows=max_rows() + 50)
    return Rows(_bounded(texts(sheet, columns)), sheet.height)


def _bounded(lines: Iterator[Parsed]) -> Iterator[Parsed]:
    for count, line in enumerate(lines, 1):
        if count > max_rows():
            raise Rejected({"file": f"一次最多导入 {max_rows():,} 行，请分成几个文件"})
        yield line
