"""Pages of the import conversation: upload, what was found, confirm, result."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from anlan.engines.audit.api import Actor
from anlan.engines.exchange.applying import apply, cancel
from anlan.engines.exchange.finding import target_of
from anlan.engines.exchange.parsing import DOCUMENTS, max_rows
from anlan.engines.exchange.preparing import named, prepare
from anlan.engines.exchange.sending import as_file
from anlan.engines.exchange.sessions import SOURCE, ImportRow, ImportSession, session_of
from anlan.engines.exchange.targets import ImportTarget
from anlan.engines.exchange.templating import error_sheet, template
from anlan.engines.files.api import attachments_of
from anlan.engines.tasks.api import job_card
from anlan.kernel.errors import Rejected
from anlan.shell.parts import Crumb
from anlan.shell.responses import see_other

SHOWN_ROWS = 20
SHOWN_PROBLEMS = 200


def start(request: HttpRequest, code: str) -> HttpResponse:
    """Choose a file (GET); read and check it (POST)."""
    target = target_of(code)
    target.permit(request.user)
    if request.method != "POST":
        return _ask(request, target)
    upload = request.FILES.get("file")
    try:
        if upload is None or isinstance(upload, list):
            raise Rejected({"file": "请选择文件"})
        session = prepare(Actor.of(request), target, upload, request.POST.dict())
    except Rejected as refusal:
        return _ask(request, target, refusal)
    return see_other(request, f"/imports/{session.uid}/")


def _ask(request: HttpRequest, target: ImportTarget, refusal: Rejected | None = None) -> HttpResponse:
    context = {
        "target": target,
        "columns": target.columns(request.user),
        "choices": target.choices(request.user),
        "said": request.POST,
        "accept": ",".join([".xlsx", ".xls", ".csv", *(sorted(DOCUMENTS) if target.takes_documents else ())]),
        "max_rows": max_rows(),
        "problems": [text for texts in refusal.fields.values() for text in texts] if refusal else [],
        "crumbs": [Crumb(target.title, target.back), Crumb("导入")],
    }
    return render(request, "exchange/start.html", context, status=refusal.status if refusal else 200)


@require_safe
def show(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What was found, and after confirming what became of it."""
    return _show(request, session_of(request.user, uid))


def _show(request: HttpRequest, session: ImportSession, refusal: Rejected | None = None) -> HttpResponse:
    target = target_of(session.target)
    columns = target.columns(request.user)
    titles = named(columns)
    context = {
        "session": session,
        "target": target,
        "source": next(iter(attachments_of(session, SOURCE)), None),
        "columns": columns,
        "job": job_card(session.job) if session.job and session.working else None,
        "rows": [_shown(row, list(titles)) for row in session.rows.order_by("number")[:SHOWN_ROWS]],
        "problems": [
            (row.number, reason)
            for row in ImportRow.bad_of(session)[:SHOWN_PROBLEMS]
            for reason in row.reasons(titles)
        ],
        "refused": refusal.message if refusal else "",
        "crumbs": [
            Crumb(target.title, target.back),
            Crumb("导入", f"/imports/of/{target.code}/"),
            Crumb(session.name),
        ],
    }
    return render(request, "exchange/session.html", context, status=refusal.status if refusal else 200)


def _shown(row: ImportRow, names: list[str]) -> dict[str, Any]:
    return {"number": row.number, "bad": bool(row.problems), "cells": [row.values.get(n, "") for n in names]}


@require_POST
def confirm(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Store all rows, or only the good ones."""
    session = session_of(request.user, uid)
    mode = request.POST.get("mode")
    try:
        if mode not in ("all", "good"):
            raise Rejected({"mode": "请选择导入方式"})
        apply(Actor.of(request), session, "all" if mode == "all" else "good")
    except Rejected as refusal:
        return _show(request, session, refusal)
    return see_other(request, f"/imports/{session.uid}/")


@require_POST
def give_up(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give the import up; nothing was stored."""
    session = session_of(request.user, uid)
    cancel(Actor.of(request), session)
    return see_other(request, target_of(session.target).back)


@require_safe
def errors(request: HttpRequest, uid: UUID) -> FileResponse:
    """The bad rows as a sheet: as they were, with the reason beside them, ready to be corrected."""
    session = session_of(request.user, uid)
    columns = target_of(session.target).columns(request.user)
    return as_file(f"{session.title}-待改行.xlsx", lambda path: error_sheet(path, session, columns))


@require_safe
def blank(request: HttpRequest, code: str) -> FileResponse:
    """The template to fill in."""
    target = target_of(code)
    target.permit(request.user)
    columns = target.columns(request.user)
    return as_file(f"{target.title}-导入模板.xlsx", lambda path: template(path, columns))
