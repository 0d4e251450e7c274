"""Where the QR code of a row's label leads: to the row, under the rights of whoever scans it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from anlan.engines.audit.api import Actor, log
from anlan.engines.registry.access import rows
from anlan.engines.registry.acting import acts_of
from anlan.engines.registry.declaring import Ledger

SCANNED = "scan"  # what the trail says of it; who checks a thing on the spot shows by it to have been there


@require_safe
def page(request: HttpRequest, ledger: Ledger, uid: UUID) -> HttpResponse:
    """To the record; Missing outside what the person may view, however often the label is photographed."""
    record = rows(ledger, request.user).one(uid=uid)
    log(Actor.of(request), SCANNED, record)
    where = ledger.url_of(record)
    asked = next((item for item in acts_of(ledger) if item.name == ledger.scan_act), None)
    if asked is not None and asked.when(record) and asked.open_to(request.user, record):
        return HttpResponseRedirect(f"{where}act/{asked.name}?scanned=1")
    return HttpResponseRedirect(f"{where}?scanned=1")
