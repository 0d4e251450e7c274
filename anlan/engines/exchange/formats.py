"""Excel as a format lists are exported in."""

from collections.abc import Iterable, Sequence
from typing import Any

from anlan.engines.exchange.writing import write_sheet
from anlan.engines.files.api import KINDS, aside, room
from anlan.engines.registry.api import Writer, add_writer


def write_xlsx(title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]], note: str) -> bytes:
    """A workbook: the rows, and who exported them when and under which condition on a second sheet."""
    said = [tuple(part.split("：", 1)) for part in note.split("；") if "：" in part]
    with aside() as path, room():
        write_sheet(path, heads, rows, name=title, note=[(what, text) for what, text in said])
        return path.read_bytes()


add_writer(Writer("xlsx", "Excel 文件", KINDS["xlsx"].mime, write_xlsx))
