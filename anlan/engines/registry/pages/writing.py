"""Registering and editing a record: one form, the lost race side by side."""

from typing import Any
from uuid import UUID

from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from anlan.engines.audit.api import Actor
from anlan.engines.org.api import require
from anlan.engines.registry.access import one
from anlan.engines.registry.conflicts import side_by_side
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.evidence import keep, open_slots, take
from anlan.engines.registry.forming import RecordForm, form_for, with_slots
from anlan.engines.registry.once import fresh_key, once
from anlan.engines.registry.presenting import present
from anlan.engines.registry.saving import add, amend, fixed
from anlan.kernel.errors import Conflict, Forbidden, Rejected
from anlan.shell.parts import Action, Crumb
from anlan.shell.responses import render_block


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, ledger: Ledger) -> HttpResponse:
    """The form for a new record."""
    if ledger.readonly:
        raise Forbidden(ledger.permission("add"))
    require(request.user, ledger.permission("add"))
    verb = f"登记{ledger.model._meta.verbose_name}"
    if request.method != "POST":
        return _show(request, ledger, _prefilled(_form(request, ledger), request), verb)
    form = _form(request, ledger)
    taken = take(request, form, form.slots, tuple(ledger.needed_files.split()))
    if form.errors:
        return _show(request, ledger, form, verb, status=422)
    actor = Actor.of(request)

    def work() -> str:
        record = add(actor, ledger, form.values(), files=[slot for slot in taken if taken[slot]])
        keep(actor, record, taken)
        return ledger.url_of(record)

    try:
        return once(request, actor, work)
    except Rejected as refused:
        return _show(request, ledger, blame(form, refused), verb, status=422)
    except Conflict as conflict:
        form.add_error(None, conflict.message)
        return _show(request, ledger, form, verb, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, ledger: Ledger, pk: int) -> HttpResponse:
    """The form of a record there is; a late save shows both versions."""
    if ledger.readonly:
        raise Forbidden(ledger.permission("edit"))
    record = one(ledger, request.user, pk, "edit")
    if why := fixed(ledger, record):
        raise Conflict(why)
    title = f"修改{ledger.model._meta.verbose_name}"
    if request.method != "POST":
        return _show(request, ledger, _form(request, ledger, record), title, record)
    form = _form(request, ledger, record)
    taken = take(request, form, form.slots)
    if form.errors:
        return _show(request, ledger, form, title, record, status=422)
    return _save(request, ledger, record, form, taken)


def _prefilled(form: RecordForm, request: HttpRequest) -> RecordForm:
    """What the address says is filled in already (``?schools=3&title=…``); the form still judges it when sent."""
    for name in set(form.fields) & set(request.GET):
        several = isinstance(form.fields[name], ModelMultipleChoiceField)
        form.initial[name] = request.GET.getlist(name) if several else request.GET[name]
    return form


def _form(request: HttpRequest, ledger: Ledger, record: Any = None) -> RecordForm:
    sent = request.method == "POST"
    data, files = (request.POST, request.FILES) if sent else (None, None)
    form = form_for(ledger, request.user, record, data, files=files)
    needed = ledger.needed_files.split() if record is None else ()
    return with_slots(form, ledger, open_slots(ledger), needed)


def _save(
    request: HttpRequest, ledger: Ledger, record: Any, form: RecordForm, taken: dict[str, list[UUID]]
) -> HttpResponse:
    actor = Actor.of(request)
    title = f"修改{ledger.model._meta.verbose_name}"
    version = form.cleaned_data.get("version") or record.version

    def work() -> str:
        amend(actor, ledger, record, form.values(), version)
        keep(actor, record, taken)
        return ledger.url_of(record)

    try:
        return once(request, actor, work)
    except Rejected as refused:
        return _show(request, ledger, blame(form, refused), title, record, status=422)
    except Conflict:
        record = one(ledger, request.user, record.pk, "edit")
        if why := fixed(ledger, record):
            raise Conflict(why) from None
        both = side_by_side(ledger, record, form)
        return _show(request, ledger, form, title, record, status=409, conflict=both)


def blame(form: RecordForm, refused: Rejected) -> RecordForm:
    """Put what the write path refused at the fields of the form."""
    for name, said in refused.fields.items():
        for text in said:
            form.add_error(name if name in form.fields else None, text)
    return form


def _show(
    request: HttpRequest,
    ledger: Ledger,
    form: RecordForm,
    title: str,
    record: Any = None,
    *,
    status: int = 200,
    conflict: dict[str, Any] | None = None,
) -> HttpResponse:
    back = ledger.url_of(record) if record is not None else ledger.url
    parts = [
        {"id": f"part-{number}", "title": question, "fields": words.split()}
        for number, (question, words) in enumerate(ledger.sections.items())
    ]
    context = {
        "title": title,
        "crumbs": [Crumb(ledger.title, ledger.url), Crumb(title)],
        "form": present(ledger, request.user, form, record),
        "sections": parts,
        "primary": title if record is None else ("用我的覆盖" if conflict else "保存修改"),
        "others": [Action("取消", back, "quiet")],
        "key": fresh_key(),
        "check_url": f"{ledger.url}check/NAME{f'?for={record.pk}' if record is not None else ''}",
        "conflict": conflict,
    }
    return render_block(request, "shell/form.html", "form", context, status)
