"""Filled forms on paper: A4 pages with headings, answers, pictures, signature and page numbers (D12.3)."""

import base64
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from anlan.engines.audit.api import Actor, log
from anlan.engines.files.api import Attachment, attachments_of, thumbnail
from anlan.engines.forms.api import Response, Sheet, grid_of, readable_response, sheet_of, signing
from anlan.engines.output.paper import pdf_of
from anlan.engines.output.sending import as_download
from anlan.kernel import clock

PICTURES = 60


@require_safe
def response_pdf(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The response as PDF under the version it was filled in with; written down as printed."""
    response = readable_response(request.user, uid=uid)
    actor = Actor.of(request)
    log(actor, "print", response, title=str(response))
    return as_download(f"{response}.pdf", pdf_of_response(actor, response), "application/pdf")


def pdf_of_response(actor: Actor, response: Response) -> bytes:
    """The PDF: in the layout of the form where it has one, else question by question."""
    sheet, layout = sheet_of(response, editable=False), response.form_version.plan()
    signed = signing(response)
    said = {
        "response": response,
        "version": response.form_version,
        "sheet": sheet,
        "grid": grid_of(layout, sheet) if layout else None,
        "pictures": _pictures(response, sheet),
        "signed": signed,
        "signature": data_address(signed.picture, 480) if signed and signed.picture else "",
        "person": actor.name,
        "moment": f"{clock.now().astimezone(clock.zone()):%Y-%m-%d %H:%M}",
    }
    return pdf_of(render_to_string("output/sheet.html", said))


def _pictures(response: Response, sheet: Sheet) -> list[dict[str, Any]]:
    numbers = {drawn.key: drawn.number for drawn in sheet.questions}
    found = [one for one in attachments_of(response) if one.is_picture and one.slot in numbers]
    return [{"src": data_address(one, 960), "text": f"第 {numbers[one.slot]} 项"} for one in found[:PICTURES]]


def data_address(item: Attachment, edge: int) -> str:
    """A picture inside the document, at most ``edge`` pixels."""
    return f"data:image/jpeg;base64,{base64.b64encode(thumbnail(item.file, edge=edge)).decode()}"
