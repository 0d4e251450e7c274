"""Bulk work from a list, answered in three parts; much of it as a job."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from anlan.engines.audit.api import Actor
from anlan.engines.identity.api import demand
from anlan.engines.org.api import require
from anlan.engines.registry.bulk import LIMIT, perform_on
from anlan.engines.registry.bulk_jobs import BulkOutcome, result_url, start, tally, tally_words
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.listing import Listing
from anlan.engines.registry.once import once
from anlan.engines.tasks.api import job_card, job_of
from anlan.kernel.errors import Missing, Rejected
from anlan.shell.parts import Crumb, View
from anlan.shell.tables import COUNT_CAP, numbered_pages

A_PAGE = 50


@require_POST
def page(request: HttpRequest, ledger: Ledger) -> HttpResponse:
    """Perform the verb on the chosen records; ``everything`` means all that the list's filter finds."""
    require(request.user, ledger.permission("view"))
    chosen, verb = _chosen(request, ledger), request.POST.get("verb", "")
    if not chosen:
        raise Rejected({"chosen": "请先选择记录"})
    actor = Actor.of(request)
    step = ledger.flow.moves.get(verb) if ledger.flow else None
    if step and step.confirm and (asked := demand(request)):
        return asked
    if len(chosen) > LIMIT:
        return once(request, actor, lambda: result_url(start(actor, ledger, verb, chosen)))
    answer = perform_on(actor, ledger, verb, chosen)
    crumbs = [Crumb(ledger.title, ledger.url), Crumb("批量办理结果")]
    context = {"ledger": ledger, "answer": answer, "crumbs": crumbs}
    return render(request, "registry/bulk.html", context)


def _chosen(request: HttpRequest, ledger: Ledger) -> list[int]:
    if request.POST.get("everything"):
        found = Listing(ledger, request.user, request.GET).sorted.values_list("pk", flat=True)
        return list(found[:COUNT_CAP])
    said = request.POST.getlist("chosen")
    return list(dict.fromkeys(int(pk) for pk in said if pk.isdecimal() and len(pk) < 18))


@require_safe
def outcome(request: HttpRequest, ledger: Ledger, pk: int) -> HttpResponse:
    """How far an own bulk job is, and what became of each record so far."""
    require(request.user, ledger.permission("view"))
    job = job_of(request.user, pk)
    if job.values.get("code") != ledger.code or "verb" not in job.values:
        raise Missing
    kind = request.GET.get("kind", "")
    rows = BulkOutcome.objects.filter(job=job, **({"kind": kind} if kind in BulkOutcome.Kind.values else {}))
    shown = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    first, total = shown.start_index(), shown.paginator.count
    context: dict[str, Any] = {
        "ledger": ledger,
        "title": job.title,
        "lede": tally_words(job),
        "job": job_card(job) if job.open else None,
        "views": _views(tally(job), kind),
        "rows": shown.object_list,
        "page": numbered_pages(request, shown.number, A_PAGE, total, len(shown.object_list))
        if first
        else None,
        "crumbs": [Crumb(ledger.title, ledger.url), Crumb("批量办理结果")],
    }
    return render(request, "registry/bulk_job.html", context)


def _views(found: dict[str, int], kind: str) -> list[View]:
    whole = View("全部", "?", sum(found.values()), not kind)
    return [
        whole,
        *(
            View(k.label, f"?kind={k.value}", found.get(k.value, 0), kind == k.value)
            for k in BulkOutcome.Kind
        ),
    ]
