"""Attached files on paper: PDF, Word, spreadsheets, text and pictures, each printed without another program (D12.3)."""

import base64
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from anlan.engines.audit.api import Actor, log
from anlan.engines.files.api import Attachment, attachment_by, may_read, printable, thumbnail
from anlan.engines.output.paper import cell_words, pdf_of
from anlan.engines.output.sending import as_download
from anlan.kernel.errors import Missing

EDGE = 1600


@require_safe
def print_file(request: HttpRequest, uid: UUID) -> HttpResponse:
    """An attachment as PDF in place, for whoever sees its record; written down as printed."""
    item = attachment_by(uid)
    if not may_read(request.user, item) or not item.file.path.exists():
        raise Missing
    content = pdf_of_file(item)
    log(Actor.of(request), "print", item, title=item.name)
    response = as_download(f"{item.name.rpartition('.')[0]}.pdf", content, "application/pdf")
    response["Content-Disposition"] = response["Content-Disposition"].replace("attachment", "inline", 1)
    return response


def pdf_of_file(item: Attachment) -> bytes:
    """The PDF; Rejected for a kind that cannot be printed, or a file that cannot be read."""
    if item.file.kind == "pdf":
        content: bytes = item.file.path.read_bytes()
        return content
    return pdf_of(render_to_string("output/file.html", {"item": item, **_said(item)}))


def _said(item: Attachment) -> dict[str, Any]:
    if item.is_picture:
        drawn = base64.b64encode(thumbnail(item.file, edge=EDGE)).decode()
        return {"picture": f"data:image/jpeg;base64,{drawn}"}
    found = printable(item.file)
    grids = [
        (grid.name, [[cell_words(cell) for cell in cells] for _, cells in grid.rows]) for grid in found.grids
    ]
    return {"html": found.html, "grids": grids, "text": found.text, "across": bool(grids)}
