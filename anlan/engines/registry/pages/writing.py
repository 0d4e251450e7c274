"""Registering and editing a record: one form, the lost race side by side."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from anlan.engines.audit.api import Actor
from anlan.engines.org.api import require
from anlan.engines.registry.access import one
from anlan.engines.registry.conflicts import side_by_side
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.forming import RecordForm, form_for
from anlan.engines.registry.once import fresh_key, once
from anlan.engines.registry.saving import add, amend
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
        return _show(request, ledger, form_for(ledger, request.user), verb)
    form = form_for(ledger, request.user, data=request.POST)
    if not form.is_valid():
        return _show(request, ledger, form, verb, status=422)
    actor = Actor.of(request)
    try:
        return once(request, actor, lambda: ledger.url_of(add(actor, ledger, form.values())))
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
    if record.archived_at is not None:
        raise Conflict("记录已归档，不能再改")
    title = f"修改{ledger.model._meta.verbose_name}"
    if request.method != "POST":
        return _show(request, ledger, form_for(ledger, request.user, record), title, record)
    form = form_for(ledger, request.user, record, request.POST)
    if not form.is_valid():
        return _show(request, ledger, form, title, record, status=422)
    return _save(request, ledger, record, form, title)


def _save(request: HttpRequest, ledger: Ledger, record: Any, form: RecordForm, title: str) -> HttpResponse:
    actor = Actor.of(request)
    version = form.cleaned_data.get("version") or record.version
    try:
        return once(
            request, actor, lambda: ledger.url_of(amend(actor, ledger, record, form.values(), version))
        )
    except Rejected as refused:
        return _show(request, ledger, blame(form, refused), title, record, status=422)
    except Conflict:
        record = one(ledger, request.user, pk=record.pk, verb="edit")
        return _show(
            request, ledger, form, title, record, status=409, conflict=side_by_side(ledger, record, form)
        )


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
        "form": form,
        "sections": parts,
        "primary": title if record is None else ("用我的覆盖" if conflict else "保存修改"),
        "others": [Action("取消", back, "quiet")],
        "key": fresh_key(),
        "conflict": conflict,
    }
    return render_block(request, "shell/form.html", "form", context, status)
