"""A form sent twice does its work once: the second request goes where the first one led."""

import hashlib
from collections.abc import Callable
from uuid import uuid4

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from anlan.engines.audit.api import Actor, claim, outcome_of
from anlan.shell.responses import see_other

FIELD = "idempotency"


def fresh_key() -> str:
    """A key for a form not yet sent."""
    return uuid4().hex


def once(request: HttpRequest, actor: Actor, work: Callable[[], str]) -> HttpResponse:
    """Do the work, which returns the address to go on to; a key used before leads where it led then."""
    said = request.POST.get(FIELD, "")
    if not said:
        with transaction.atomic():
            return see_other(request, work())
    key = hashlib.sha256(f"{request.path}:{said}".encode()).hexdigest()
    with transaction.atomic():
        receipt = claim(actor, key)
        if receipt is None:
            return see_other(request, outcome_of(actor, key) or request.path)
        receipt.outcome = work()[:200]
        receipt.save(update_fields=["outcome"])
    return see_other(request, receipt.outcome)
