"""The page of one record: facts, panels, history, next action; print; the audited look behind masks."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST, require_safe

from anlan.engines.audit.api import Actor, log
from anlan.engines.registry.access import CLEAR, MASKED, Eyes, can, may_unmask, one
from anlan.engines.registry.chains import neighbours
from anlan.engines.registry.data import Datum, is_over
from anlan.engines.registry.declaring import Block, Ledger
from anlan.engines.registry.evidence import shown
from anlan.engines.registry.forming import RecordForm
from anlan.engines.registry.history import events
from anlan.engines.registry.pages.acts import buttons
from anlan.engines.registry.rendering import YES
from anlan.engines.registry.saving import fixed, kept
from anlan.engines.registry.stages import stages_of
from anlan.engines.registry.tracing import note_look
from anlan.engines.registry.turns import approvals, holder, rarer_moves, turn_of
from anlan.engines.workflow.api import steps_of
from anlan.kernel.errors import Forbidden, Rejected
from anlan.kernel.numbers import money_text
from anlan.shell.deadlines import long_words
from anlan.shell.marks import chip, due_mark, risk
from anlan.shell.panels import panels_of
from anlan.shell.parts import Action, Crumb, Fact
from anlan.shell.responses import render_block


@require_safe
def page(request: HttpRequest, ledger: Ledger, pk: int) -> HttpResponse:
    """The record page."""
    record = one(ledger, request.user, pk)
    note_look(Actor.of(request), ledger, record)
    return show(request, ledger, record)


def show(
    request: HttpRequest,
    ledger: Ledger,
    record: Any,
    *,
    eyes: Eyes = MASKED,
    move: str = "",
    form: RecordForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the record page; ``move`` and ``form`` keep a move that was refused."""
    photos, files = shown(ledger, record)
    turn = turn_of(request, ledger, record, move or request.GET.get("move", ""), form)
    context = {
        "title": _title(ledger, record, eyes),
        "crumbs": [Crumb(ledger.title, ledger.url), Crumb(_title(ledger, record, eyes))],
        "subtitle": str(record.org),
        "grade": next((eyes.read(item, record) for item in ledger.column_data if item.kind == "risk"), ""),
        "actions": _actions(ledger, request.user, record, eyes),
        "banners": _banners(ledger, record),
        "photos": photos,
        "photos_title": ledger.photos or "图片",
        "photos_none": "还没有照片" if ledger.files and ledger.photos else "",
        "stages": stages_of(ledger, record, in_turn=turn is not None),
        "sections": _sections(request, ledger, record, eyes, files),
        "events": events(ledger, record),
        "turn": turn,
        "cards": [
            *approvals(request, ledger, record),
            *([] if turn else rarer_moves(ledger, request.user, record)),
        ],
        "holder": "" if turn else holder(ledger, record),
    }
    if ledger.flow:
        state = record.state_shown
        context |= {"tone": state.tone, "state": state.title}
    return render_block(request, "shell/record.html", "turn", context, status)


def _title(ledger: Ledger, record: Any, eyes: Eyes) -> str:
    """The first column names the record, so that no mask is got round by its words."""
    return str(eyes.plain(ledger.column_data[0], record) or f"{record._meta.verbose_name} {record.pk}")


def _actions(ledger: Ledger, user: Any, record: Any, eyes: Eyes) -> list[Action]:
    url = ledger.url_of(record)
    found = buttons(ledger, user, record)
    if ledger.form_names and not fixed(ledger, record) and can(ledger, user, record, "edit"):
        found.append(Action("修改", f"{url}edit", icon="edit"))
    if not ledger.readonly and not kept(ledger, record) and can(ledger, user, record, "archive"):
        ask, effect = f"归档“{_title(ledger, record, MASKED)}”", "归档后只能查看，不能再改"
        found.append(Action("归档", post=f"{url}archive", kind="danger", confirm=ask, effect=effect))
    if eyes is MASKED and may_unmask(ledger, user, record):
        found.append(Action("查看完整信息", f"{url}unmask", icon="eye"))
    found.append(Action("打印", f"{url}print", "quiet", icon="printer"))
    found.append(Action("PDF", f"{url}pdf", "quiet"))
    found.append(Action("Word", f"{url}word", "quiet"))
    return found


def _banners(ledger: Ledger, record: Any) -> list[dict[str, str]]:
    if record.archived_at is not None:
        return [{"tone": "idle", "strong": "已归档", "text": "只能查看，不能再改。"}]
    if not ledger.flow or ledger.flow.states[record.state].tone != "back":
        return []
    step = steps_of(record).last()
    said = step.values.get("opinion", "") if step else ""
    return [{"tone": "back", "strong": f"{step.title}：", "text": said}] if step and said else []


def _sections(
    request: HttpRequest, ledger: Ledger, record: Any, eyes: Eyes, files: list[dict[str, str]]
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"title": "基本情况", "id": "facts-h", "facts": facts(ledger, record, eyes)}
    ]
    if files:
        html = render_to_string("registry/files.html", {"files": files})
        found.append({"title": "附件", "id": "files-h", "html": html})
    found += _panels(request, ledger, record, ledger.blocks)
    if (beside := neighbours(request.user, record)) is not None:
        html = render_to_string("registry/chain.html", beside)
        found.append({"title": "来龙去脉", "id": "chain-h", "html": html})
    return found + panels_of(request, record)


def _panels(request: HttpRequest, ledger: Ledger, record: Any, blocks: list[Block]) -> list[dict[str, Any]]:
    found = []
    for panel in blocks:
        context = getattr(ledger, panel.name)(request, record)
        if context is not None:
            html = render_to_string(panel.template, {"record": record, **context}, request)
            found.append({"title": panel.title, "id": f"{panel.name}-h", "html": html})
    return found


def facts(ledger: Ledger, record: Any, eyes: Eyes) -> list[Fact]:
    """Labelled values of a record."""
    return [
        Fact(item.title, fact_value(item, record, eyes), wide=_is_long(item)) for item in ledger.fact_data
    ]


def _is_long(item: Datum) -> bool:
    return item.field is not None and item.field.get_internal_type() == "TextField"


def fact_value(item: Datum, record: Any, eyes: Eyes) -> Any:
    """A value as the record page prints it."""
    value = eyes.read(item, record)
    if value is None or value == "":
        return ""
    if item.kind == "due":
        return due_mark(value, closed=is_over(record))
    return SHOWN[item.kind](value) if item.kind in SHOWN else value


SHOWN: dict[str, Callable[[Any], Any]] = {
    "chip": lambda value: chip(*value),
    "risk": risk,
    "date": long_words,
    "moment": long_words,
    "money": money_text,
    "yes": YES.__getitem__,
}


@require_safe
def print_page(request: HttpRequest, ledger: Ledger, pk: int) -> HttpResponse:
    """The record on paper: without chrome, masked, with who printed it and when."""
    record = one(ledger, request.user, pk)
    log(Actor.of(request), "print", record, title=_title(ledger, record, MASKED))
    context = {
        "title": _title(ledger, record, MASKED),
        "ledger": ledger,
        "record": record,
        "facts": facts(ledger, record, MASKED),
        "photos": shown(ledger, record)[0],
        "photos_none": "还没有照片" if ledger.files else "",
        "panels": _panels(request, ledger, record, [panel for panel in ledger.blocks if panel.printed]),
        "events": events(ledger, record),
    }
    return render(request, "registry/print.html", context)


def unmask(request: HttpRequest, ledger: Ledger, pk: int) -> HttpResponse:
    """Ask for a reason (GET); write it down and show the record in full (POST)."""
    record = one(ledger, request.user, pk)
    if not may_unmask(ledger, request.user, record):
        raise Forbidden(ledger.permission("unmask"))
    return _look(request, ledger, record) if request.method == "POST" else _ask(request, ledger, record)


def _ask(request: HttpRequest, ledger: Ledger, record: Any) -> HttpResponse:
    crumbs = [Crumb(ledger.title, ledger.url), Crumb("查看完整个人信息")]
    return render(request, "registry/unmask.html", {"ledger": ledger, "record": record, "crumbs": crumbs})


@require_POST
def _look(request: HttpRequest, ledger: Ledger, record: Any) -> HttpResponse:
    reason = request.POST.get("reason", "").strip()
    if not reason:
        raise Rejected({"reason": "请写明查看理由"})
    log(Actor.of(request, reason=reason), "unmask", record, title=_title(ledger, record, MASKED))
    return show(request, ledger, record, eyes=CLEAR)
