"""The page of an act: its form where it asks for something, and the doing."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from anlan.engines.audit.api import Actor, log
from anlan.engines.identity.api import CONFIRM_FIELD, ask, settle
from anlan.engines.registry.access import one
from anlan.engines.registry.acting import Act, acts_of
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.once import done_before, fresh_key, once
from anlan.kernel.errors import Conflict, Forbidden, Missing, Rejected
from anlan.shell.parts import Action, Crumb
from anlan.shell.picking import suit_all
from anlan.shell.responses import render_block


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, ledger: Ledger, pk: int, name: str) -> HttpResponse:
    """Ask, then do; 403 without the right, 409 where the record does not allow it now."""
    record, known = doable(request, ledger, pk, name)
    if again := done_before(request, Actor.of(request)):
        return again
    if not known.when(record):
        log(Actor.of(request), f"refused:{name}", record, succeeded=False)
        raise Conflict(f"这条{ledger.noun or '记录'}现在不能{known.title}")
    form = form_of(known, record, request)
    if known.confirm:
        ask(request, form)
    if request.method == "POST":
        settle(request, form)
    if request.method != "POST" or not form.is_valid():
        return _show(request, ledger, record, known, form)
    return _do(request, ledger, record, known, form)


def doable(request: HttpRequest, ledger: Ledger, pk: int, name: str) -> tuple[Any, Act]:
    """The record and the act; Missing for an unknown one, Forbidden, written down, without the right."""
    record = one(ledger, request.user, pk)
    known = next((item for item in acts_of(ledger) if item.name == name), None)
    if known is None:
        raise Missing
    if not known.open_to(request.user, record):
        log(Actor.of(request), f"refused:{name}", record, succeeded=False)
        raise Forbidden(known.right)
    return record, known


def form_of(known: Act, record: Any, request: HttpRequest) -> forms.Form:
    """The act's form for this record, filled in as sent."""
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    made: forms.Form = getattr(known.form, "for_record", lambda _, *rest: (known.form or forms.Form)(*rest))(
        record, *sent
    )
    return made


def _do(request: HttpRequest, ledger: Ledger, record: Any, known: Act, form: forms.Form) -> HttpResponse:
    actor = Actor.of(request)
    form.cleaned_data.pop(CONFIRM_FIELD, None)

    def work() -> str:
        return getattr(ledger, known.name)(actor, record, form.cleaned_data) or ledger.url_of(record)

    try:
        return once(request, actor, work)
    except (Conflict, Forbidden) as refused:
        # What the service wrote down about it went back with the transaction.
        log(actor, f"refused:{known.name}", record, succeeded=False, reason=refused.message)
        raise
    except Rejected as refused:
        for field, said in refused.fields.items():
            for text in said:
                form.add_error(field if field in form.fields else None, text)
        return _show(request, ledger, record, known, form)


def _show(request: HttpRequest, ledger: Ledger, record: Any, known: Act, form: forms.Form) -> HttpResponse:
    back = ledger.url_of(record)
    suit_all(form, lambda name: f"{back}act/{known.name}/choose/{name}", request.user)
    context = {
        "title": f"{known.title}：{record}",
        "lede": known.said(record),
        "crumbs": [Crumb(ledger.title, ledger.url), Crumb(str(record), back), Crumb(known.title)],
        "form": form,
        "sections": getattr(form, "parts", None),
        "primary": known.title,
        "others": [Action("取消", back, "quiet")],
        "key": fresh_key(),
    }
    return render_block(request, "shell/form.html", "form", context, 422 if form.is_bound else 200)


def buttons(ledger: Ledger, user: Any, record: Any) -> list[Action]:
    """The acts this person may do to this record now, as buttons of its page."""
    url = ledger.url_of(record)
    found = []
    for item in acts_of(ledger):
        if not item.when(record) or not item.open_to(user, record):
            continue
        where = f"{url}act/{item.name}"
        if item.form is not None or item.confirm:
            found.append(Action(item.title, where, item.kind, item.icon))
            continue
        asked = f"{item.title}“{record}”"
        found.append(
            Action(
                item.title,
                kind=item.kind,
                icon=item.icon,
                post=where,
                confirm=asked,
                effect=item.said(record),
            )
        )
    return found
