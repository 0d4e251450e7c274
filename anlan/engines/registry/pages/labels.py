"""Where the QR code of a row's label leads: to the row, under the rights of whoever scans it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from anlan.engines.registry.access import rows
from anlan.engines.registry.declaring import Ledger


@require_safe
def page(request: HttpRequest, ledger: Ledger, uid: UUID) -> HttpResponse:
    """To the record; Missing outside what the person may view, however often the label is photographed."""
    record = rows(ledger, request.user).one(uid=uid)
    return HttpResponseRedirect(f"{ledger.url_of(record)}?scanned=1")
