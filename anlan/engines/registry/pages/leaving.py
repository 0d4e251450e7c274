"""Checking one field when a person leaves it: the same rules as at saving, nothing stored."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST

from anlan.engines.org.api import require
from anlan.engines.registry.access import one
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.forming import form_for
from anlan.kernel.errors import Forbidden, Missing


@require_POST
def page(request: HttpRequest, ledger: Ledger, name: str) -> JsonResponse:
    """``errors``: what is wrong with the value of field ``name``; ``for`` names the record that is edited."""
    said = request.GET.get("for", "")
    record = one(ledger, request.user, int(said), "edit") if said.isdecimal() and len(said) < 18 else None
    if record is None:
        require(request.user, ledger.permission("add"))
    if ledger.readonly:
        raise Forbidden(ledger.permission("add"))
    if name not in ledger.form_names:
        raise Missing
    return JsonResponse({"errors": _faults(ledger, request, record, name)})


def _faults(ledger: Ledger, request: HttpRequest, record: Any, name: str) -> list[str]:
    form = form_for(ledger, request.user, record, request.POST, [name])
    return [str(text) for text in form.errors.get(name, ())]
