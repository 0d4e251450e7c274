"""Pages of one response: fill in, read, print."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from anlan.engines.audit.api import Actor
from anlan.engines.files.api import attachments_of, own_signature, remove
from anlan.engines.forms.answering import save_answers
from anlan.engines.forms.drawing import sheet_of
from anlan.engines.forms.evidence import relied_on
from anlan.engines.forms.incoming import AnswerIn
from anlan.engines.forms.layouts.grids import grid_of
from anlan.engines.forms.posting import answers_from_post, attach_posted, since_drawn, typed_in, with_files
from anlan.engines.forms.purposes import fillable_response, purposes, readable_response
from anlan.engines.forms.responses import Response
from anlan.engines.forms.signing import Ink, posted, put
from anlan.engines.forms.submitting import refusals_audited, signing, submit
from anlan.kernel.errors import Refusal, Rejected
from anlan.shell.parts import Crumb
from anlan.shell.responses import is_partial, render_block, see_other, toast


@require_http_methods(["GET", "POST"])
def fill(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Fill a response in; once it is submitted, or for people who may only look, the same page reads."""
    if request.method == "POST":
        with refusals_audited(Actor.of(request), uid):
            return _post(request, fillable_response(request.user, uid=uid))
    response = readable_response(request.user, uid=uid)
    return _page(request, response, editable=response.is_open and _may_fill(request, uid))


def _may_fill(request: HttpRequest, uid: UUID) -> bool:
    try:
        fillable_response(request.user, uid=uid)
    except Refusal:
        return False
    return True


def _post(request: HttpRequest, response: Response) -> HttpResponse:
    actor, form = Actor.of(request), response.form_version.form()
    try:
        added = attach_posted(actor, response, request)
        answers = with_files(answers_from_post(form, request.POST), form, added)
        fresh, overtaken = since_drawn(response, answers, request.POST)
        if overtaken:
            save_answers(actor, response, fresh)
            return _page(request, response, faults=overtaken, status=409)
        if request.POST.get("act") == "submit":
            return _submit(request, response, actor, fresh)
        save_answers(actor, response, fresh)
    except Rejected as refusal:
        typed = typed_in(form, request.POST)
        return _page(request, response, faults=refusal.fields, typed=typed, status=422)
    _take_off(actor, response)
    if is_partial(request):
        return toast(_page(request, response), "草稿已保存")
    return see_other(request, request.path)


def _submit(request: HttpRequest, response: Response, actor: Actor, answers: list[AnswerIn]) -> HttpResponse:
    place = request.POST.get("place", "").strip()
    try:
        ink = posted(request) if response.form_version.form().signed else Ink()
        with transaction.atomic():
            submit(
                actor,
                response,
                answers,
                location={"place": place} if place else None,
                signature=put(actor, response, ink),
                signed_how=ink.how,
            )
    except Rejected:
        save_answers(actor, response, answers)
        raise
    return see_other(request, purposes[response.purpose].page(response) or request.path)


def _take_off(actor: Actor, response: Response) -> None:
    """Detach pictures the person removed from the sheet."""
    kept = {uid for uids in relied_on(response).values() for uid in uids}
    asked = response.form_version.form().by_uid()
    for one in attachments_of(response):
        if one.slot in asked and str(one.uid) not in kept:
            remove(actor, one)


def _page(
    request: HttpRequest,
    response: Response,
    *,
    editable: bool = True,
    faults: Mapping[str, Any] | None = None,
    typed: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = response.form_version.form().by_uid()
    sheet = sheet_of(response, editable=editable, faults=faults, typed=typed, save_url=request.path)
    layout = response.form_version.plan()
    closing = [text for name, said in (faults or {}).items() if name not in asked for text in said]
    context = {
        "response": response,
        "title": response.form_version.title,
        "crumbs": [
            Crumb(purposes[response.purpose].title, purposes[response.purpose].page(response)),
            Crumb(str(response.org)),
        ],
        "lede": _lede(response),
        "form": response.form_version.form(),
        "closing": closing,
        "sheet": sheet,
        "grid": grid_of(layout, sheet) if layout else None,
        "signing": signing(response),
        "own_signature": editable and own_signature(request.user),
    }
    return render_block(request, "forms/fill.html", "sheet", context, status)


def _lede(response: Response) -> str:
    if response.is_open:
        return f"{response.org}，第 {response.form_version.number} 版，填写中"
    counts = f"合格 {response.passed} 项，不合格 {response.failed} 项，不适用 {response.not_applicable} 项"
    score = f"，得分 {response.score}（满分 {response.full_score}）" if response.full_score else ""
    return f"{response.org}，{counts}{score}"


@require_GET
def printed(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The response under the version it was filled in with, for print."""
    return _page(request, readable_response(request.user, uid=uid), editable=False)
