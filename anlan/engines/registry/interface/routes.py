"""Routes of one ledger: list, get, create, change, move."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from ninja import NinjaAPI, Router, Status

from anlan.engines.audit.api import Actor, claim, log, outcome_of
from anlan.engines.identity.api import require_recent
from anlan.engines.registry.access import CLEAR, MASKED, Eyes, closed_columns, may_unmask, one
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.evidence import keep
from anlan.engines.registry.forming import move_form
from anlan.engines.registry.interface.schemas import ChangeIn, MoveIn, answer_of, page_of, values_of
from anlan.engines.registry.interface.values import as_typed, checked, cleaned, shown
from anlan.engines.registry.listing import Listing
from anlan.engines.registry.saving import add, amend
from anlan.engines.registry.tracing import note_list, note_look
from anlan.engines.workflow.api import entitled, perform
from anlan.kernel.errors import Forbidden, Missing, Rejected

WORDS = {"list": "列表", "get": "一条", "create": "登记", "change": "修改", "move": "办理"}


def add_routes(api: NinjaAPI, ledger: Ledger) -> None:
    """Offer the ledger under ``/<app>/<plural>/``."""
    router = Router(tags=[ledger.title])
    stem, one_of, many = ledger.code.replace(".", "_"), answer_of(ledger), page_of(ledger)

    def route(verb: str, path: str, name: str, view: Callable[..., Any], answer: Any) -> None:
        register = getattr(router, verb)
        summary = f"{ledger.title}：{WORDS[name]}"
        words = {"operation_id": f"{stem}_{name}", "summary": summary}
        register(path, **words, response=answer, exclude_unset=True)(view)

    route("get", "/", "list", _list(ledger), many)
    route("get", "/{pk}", "get", _get(ledger), one_of)
    if not ledger.readonly:
        route("post", "/", "create", _create(ledger), {201: one_of, 200: one_of})
        route("patch", "/{pk}", "change", _change(ledger), one_of)
    if ledger.flow:
        route("post", "/{pk}/move/{name}", "move", _move(ledger), one_of)
    api.add_router(f"/{ledger.app}/{ledger.plural}", router)


def _shown(request: HttpRequest, ledger: Ledger, record: Any, eyes: Eyes) -> dict[str, Any]:
    """The answer without what is closed to the person: absent, not empty."""
    closed = closed_columns(ledger, request.user)
    found = shown(ledger, record, eyes)
    return {name: value for name, value in found.items() if name.removesuffix("_text") not in closed}


def _list(ledger: Ledger) -> Callable[..., Any]:
    def view(request: HttpRequest, q: str = "", page: int = 1, size: int = 20) -> Any:
        joined, listed = ledger.form_needs
        listing = Listing(ledger, request.user, request.GET, joined=joined, listed=listed)
        note_list(Actor.of(request, "api"), ledger, listing.rows)
        rows = [_shown(request, ledger, row, MASKED) for row in listing.rows]
        return {"count": listing.total, "page": listing.page, "size": listing.size, "results": rows}

    return view


def _get(ledger: Ledger) -> Callable[..., Any]:
    def view(request: HttpRequest, pk: int, unmask: str = "") -> Any:
        record = one(ledger, request.user, pk)
        note_look(Actor.of(request, "api"), ledger, record)
        if not unmask:
            return _shown(request, ledger, record, MASKED)
        if not may_unmask(ledger, request.user, record):
            raise Forbidden(ledger.permission("unmask"))
        log(Actor.of(request, "api", unmask[:200]), "unmask", record)
        return _shown(request, ledger, record, CLEAR)

    return view


def _create(ledger: Ledger) -> Callable[..., Any]:
    def view(request: HttpRequest, body: Any) -> Any:
        actor, key = Actor.of(request, "api"), request.headers.get("Idempotency-Key", "")
        if not key:
            return Status(201, _stored(request, ledger, actor, body))
        receipt_key = f"{ledger.code}:{key}"[:64]
        with transaction.atomic():
            receipt = claim(actor, receipt_key)
            if receipt is None:
                record = one(ledger, request.user, int(outcome_of(actor, receipt_key) or 0))
                return Status(200, _shown(request, ledger, record, MASKED))
            answer = _stored(request, ledger, actor, body)
            receipt.outcome = str(answer["id"])
            receipt.save(update_fields=["outcome"])
        return Status(201, answer)

    view.__annotations__["body"] = values_of(ledger)
    return view


def _stored(request: HttpRequest, ledger: Ledger, actor: Actor, body: Any) -> dict[str, Any]:
    if not ledger.form_names:
        raise Forbidden(ledger.permission("add"))
    values = cleaned(ledger, request.user, None, body.dict(exclude_unset=True))
    return _shown(request, ledger, add(actor, ledger, values), MASKED)


def _change(ledger: Ledger) -> Callable[..., Any]:
    def view(request: HttpRequest, pk: int, body: ChangeIn) -> Any:
        record = one(ledger, request.user, pk, "edit")
        values = cleaned(ledger, request.user, record, body.values)
        amend(Actor.of(request, "api"), ledger, record, values, body.version)
        return _shown(request, ledger, record, MASKED)

    return view


def _move(ledger: Ledger) -> Callable[..., Any]:
    def view(request: HttpRequest, pk: int, name: str, body: MoveIn) -> Any:
        record = one(ledger, request.user, pk)
        step = ledger.flow.moves.get(name) if ledger.flow else None
        if step is None:
            raise Missing
        actor = Actor.of(request, "api")
        if not entitled(request.user, record, step):
            perform(actor, record, name)
        if step.confirm:
            require_recent(request)
        values = _moved(ledger, request.user, record, step, body.values)
        with transaction.atomic():
            files = keep(actor, record, _uids(body.files, step.needs + step.takes))
            perform(actor, record, name, values, files=files, version=body.version)
        return _shown(request, ledger, record, MASKED)

    return view


def _moved(ledger: Ledger, user: Any, record: Any, step: Any, values: dict[str, Any]) -> dict[str, Any]:
    form = move_form(ledger, user, record, step, as_typed(ledger, values))
    if unknown := set(values) - set(form.fields):
        raise Rejected(dict.fromkeys(sorted(unknown), "这一步不能改这一项"))
    return checked(form).values()


def _uids(files: dict[str, list[UUID]], slots: tuple[str, ...]) -> dict[str, list[UUID]]:
    if unknown := set(files) - set(slots):
        raise Rejected(dict.fromkeys(sorted(unknown), "这一步不收这些文件"))
    return files
