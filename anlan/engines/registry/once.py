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
    key = _key(request)
    if not key:
        with transaction.atomic():
            return see_other(request, work())
    with transaction.atomic():
        receipt = claim(actor, key)
        if receipt is None:
            return see_other(request, outcome_of(actor, key) or request.path)
        receipt.outcome = work()[:200]
        receipt.save(update_fields=["outcome"])
    return see_other(request, receipt.outcome)


def done_before(request: HttpRequest, actor: Actor) -> HttpResponse | None:
    """Where this very request led when it came before; None for a first one.

    Asked before the record's state is looked at: whoever lost the answer is not told that it is too late.
    """
    key = _key(request) if request.method == "POST" else ""
    led = outcome_of(actor, key) if key else ""
    return see_other(request, led) if led else None


def _key(request: HttpRequest) -> str:
    said = request.POST.get(FIELD, "")
    return hashlib.sha256(f"{request.path}:{said}".encode()).hexdigest() if said else ""
