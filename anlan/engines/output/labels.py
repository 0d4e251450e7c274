"""Labels of rows with their QR codes, as sheets to print and cut."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_http_methods

from anlan.engines.audit.api import Actor, log
from anlan.engines.output.codes import qr_data
from anlan.engines.output.pages import chosen_keys
from anlan.engines.output.paper import pdf_of
from anlan.engines.output.sending import as_download
from anlan.engines.registry.api import MASKED, ledgers, one

MOST = 200


@require_http_methods(["GET", "HEAD", "POST"])
def labels_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """Labels of the rows chosen: QR code, name, unit; written down as printed."""
    ledger, actor = ledgers[code], Actor.of(request)
    records = [one(ledger, request.user, pk) for pk in chosen_keys(request, MOST)]
    place = settings.SITE_URL or request.build_absolute_uri("/").rstrip("/")
    sheets = []
    for record in records:
        title = str(MASKED.plain(ledger.column_data[0], record) or record.pk)
        log(actor, "print", record, title=f"{title} 标签")
        sheets.append((record, title, qr_data(f"{place}{ledger.label_url(record)}")))
    html = render_to_string("output/labels.html", {"ledger": ledger, "sheets": sheets})
    return as_download(f"{ledger.title}标签.pdf", pdf_of(html), "application/pdf")
