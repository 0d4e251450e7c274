"""Bulk work from a list, answered in three parts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from anlan.engines.audit.api import Actor
from anlan.engines.identity.api import demand
from anlan.engines.org.api import require
from anlan.engines.registry.bulk import perform_on
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.listing import Listing
from anlan.kernel.errors import Rejected
from anlan.shell.parts import Crumb


@require_POST
def page(request: HttpRequest, ledger: Ledger) -> HttpResponse:
    """Perform the verb on the chosen records; ``everything`` means all that the list's filter finds."""
    require(request.user, ledger.permission("view"))
    if request.POST.get("everything"):
        found = Listing(ledger, request.user, request.GET).sorted.values_list("pk", flat=True)
        chosen = list(found[:200])
    else:
        chosen = [int(said) for said in request.POST.getlist("chosen") if said.isdecimal() and len(said) < 18]
    if not chosen:
        raise Rejected({"chosen": "请先选择记录"})
    verb = request.POST.get("verb", "")
    step = ledger.flow.moves.get(verb) if ledger.flow else None
    if step and step.confirm and (asked := demand(request)):
        return asked
    answer = perform_on(Actor.of(request), ledger, verb, chosen)
    crumbs = [Crumb(ledger.title, ledger.url), Crumb("批量办理结果")]
    context = {"ledger": ledger, "answer": answer, "crumbs": crumbs}
    return render(request, "registry/bulk.html", context)
