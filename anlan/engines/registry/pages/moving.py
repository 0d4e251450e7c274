"""Making a move from the record page, and archiving."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from anlan.engines.audit.api import Actor
from anlan.engines.identity.api import ask, settle
from anlan.engines.registry.access import one
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.evidence import keep, take
from anlan.engines.registry.forming import RecordForm, move_form
from anlan.engines.registry.once import done_before, once
from anlan.engines.registry.pages.records import show
from anlan.engines.registry.pages.writing import blame
from anlan.engines.registry.saving import put_away
from anlan.engines.workflow.api import Move, entitled, perform
from anlan.engines.workflow.api import approve as give_approval
from anlan.kernel.errors import Conflict, Forbidden, Missing, Rejected


@require_POST
def move(request: HttpRequest, ledger: Ledger, pk: int, name: str) -> HttpResponse:
    """Make the move; 422 keeps what was typed, 403 names the right, 409 says why not now."""
    record = one(ledger, request.user, pk)
    step = ledger.flow.moves.get(name) if ledger.flow else None
    if step is None:
        raise Missing
    if not entitled(request.user, record, step):
        perform(Actor.of(request), record, name)
        raise Forbidden(step.permission)
    if again := done_before(request, Actor.of(request)):
        return again
    if record.archived_at is not None or record.state not in step.sources:
        raise Conflict(f"当前状态是“{record.state_shown.title}”，不能{step.title}")
    form = move_form(ledger, request.user, record, step, request.POST, files=request.FILES)
    if step.confirm:
        ask(request, form)
    form.is_valid()
    settle(request, form)
    taken = take(request, form, form.slots, step.needs)
    if form.errors:
        return show(request, ledger, record, move=name, form=form, status=422)
    return _perform(request, ledger, record, step=step, form=form, taken=taken)


def _perform(
    request: HttpRequest,
    ledger: Ledger,
    record: Any,
    *,
    step: Move,
    form: RecordForm,
    taken: dict[str, list[UUID]],
) -> HttpResponse:
    actor = Actor.of(request)

    def work() -> str:
        files = keep(actor, record, taken)
        version = form.cleaned_data.get("version")
        perform(actor, record, step.name, form.values(), files=files, version=version)
        return ledger.url_of(record)

    try:
        return once(request, actor, work)
    except Rejected as refused:
        return show(request, ledger, record, move=step.name, form=blame(form, refused), status=422)


@require_POST
def approve(request: HttpRequest, ledger: Ledger, pk: int, name: str) -> HttpResponse:
    """Give the approval that an edition of the workflow asks for before the move ``name``."""
    record = one(ledger, request.user, pk)
    if not ledger.flow or name not in ledger.flow.moves:
        raise Missing
    actor, opinion = Actor.of(request), request.POST.get("opinion", "").strip()[:500]

    def work() -> str:
        give_approval(actor, record, name, opinion)
        return ledger.url_of(record)

    return once(request, actor, work)


@require_POST
def archive(request: HttpRequest, ledger: Ledger, pk: int) -> HttpResponse:
    """Close the record for good."""
    record = one(ledger, request.user, pk, "archive")
    actor = Actor.of(request)
    return once(request, actor, lambda: ledger.url_of(put_away(actor, ledger, record)))
