"""A list on paper: A4 across, headings on every page, page numbers (D12.3)."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.template.loader import render_to_string

from anlan.engines.output.paper import cell_words, pdf_of
from anlan.engines.registry.api import Writer, add_writer
from anlan.kernel.errors import Rejected

MOST = 3000


def write_pdf(title: str, heads: Sequence[str], rows: Iterable[Sequence[Any]], note: str) -> bytes:
    """The list as PDF; Rejected for more rows than anybody prints."""
    shown = [[cell_words(cell) for cell in row] for row in islice(rows, MOST + 1)]
    if len(shown) > MOST:
        raise Rejected({"": f"打印一次最多 {MOST:,} 条，请先筛选，或导出 Excel"})
    said = {"title": title, "heads": heads, "rows": shown, "note": note, "close": len(heads) > 9}
    return pdf_of(render_to_string("output/listed.html", said))


add_writer(Writer("pdf", "PDF 文件（打印）", "application/pdf", write_pdf))
