"""The judge's desk: what is to be scored, one sheet item by item, handing in and taking back (SAF.37)."""

from dataclasses import replace
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anlan.engines.audit.api import Actor
from anlan.engines.files.api import attachments_of
from anlan.engines.registry.api import once
from anlan.engines.rounds.handing_out import SUBMITTED
from anlan.engines.rounds.processes import Process, process_named, process_of
from anlan.engines.rounds.sheets import save_score, sheets_for, submit_sheet, take_back
from anlan.engines.rounds.shown import EVIDENCE, FORM
from anlan.engines.rounds.stepping import Steps, evidence, nodes, path_words, plain
from anlan.kernel.errors import Rejected
from anlan.shell.parts import Crumb, Fact, View
from anlan.shell.responses import render_block, see_other
from anlan.shell.tables import numbered_pages

SIZE, NEAR = 50, 15  # lines of the desk; participants before and after the one on the page
LONGEST = 15


def _sheet(request: HttpRequest, known: Process, pk: int) -> Any:
    rows = sheets_for(request.user, known).select_related("round", "entry__org", "panel", "judge")
    return rows.one(pk=pk)


class ScoreForm(forms.Form):
    """The texts beside a score; the score itself stands in its own box."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, process: Process, sent: Any = None, *, initial: dict[str, Any]) -> None:
        super().__init__(sent, initial=initial)
        for text in process.texts:
            below = "，低于标准分时必填" if text.owed == "below" else ""
            self.fields[text.code] = forms.CharField(
                label=text.title, required=text.owed == "always", max_length=1000, help_text=below.lstrip("，"),
                widget=forms.Textarea({"rows": "3"}),
            )  # fmt: skip


class SentForm(ScoreForm):
    """The same with the score, as it is sent."""

    def __init__(self, process: Process, sent: Any = None, *, initial: dict[str, Any]) -> None:
        super().__init__(process, sent, initial=initial)
        self.fields["score"] = forms.DecimalField(label="得分", max_digits=6, decimal_places=2)


@require_safe
def desk(request: HttpRequest, process: str) -> HttpResponse:
    """Every sheet of the judge, those of one round where it is asked for."""
    known = process_named(process)
    mine, asked = sheets_for(request.user, known), request.GET.get("round", "")
    chosen = mine.filter(round=asked) if _is_key(asked) else mine
    number, left = chosen.count(), chosen.exclude(state=SUBMITTED).count()
    said = request.GET.get("page", "")
    page = min(max(1, int(said) if _is_key(said) else 1), max(1, -(-number // SIZE)))
    rows = chosen.select_related("round", "entry__org", "panel")
    shown = rows.order_by("state", "-round", "entry__org__path", "pk")[(page - 1) * SIZE : page * SIZE]
    lines = [{"sheet": sheet, "done": len(sheet.scores), "whole": len(sheet.panel.leaves)} for sheet in shown]
    pages = numbered_pages(request, page, SIZE, number, len(lines))
    context = {
        "title": f"{known.title}评分",
        "lede": f"共 {number} 份评分表，{left} 份还没有提交。别的评委的评分在汇总前互不可见。",
        "lines": lines,
        "page": replace(pages, sizes=()) if number > SIZE else None,
        "crumbs": [Crumb(f"{known.title}评分")],
    }
    return render_block(request, "rounds/desk.html", "sheets", context)


def _is_key(said: str) -> bool:
    """Digits that a database takes for a number of a row or page."""
    return said.isascii() and said.isdigit() and len(said) <= LONGEST


@require_http_methods(["GET", "HEAD", "POST"])
def sheet_page(request: HttpRequest, process: str, pk: int) -> HttpResponse:
    """One indicator of one participant; a POST stores its score and goes on to the next one."""
    known = process_named(process)
    sheet = _sheet(request, known, pk)
    mine = set(sheet.leaves)
    steps = Steps(
        [one for one in sheet.round.indicators.leaves if one.code in mine], request.GET.get("at", "")
    )
    form = SentForm(known, request.POST, initial={}) if request.method == "POST" else None
    if form is not None and form.is_valid() and _saved(request, sheet, steps.at.code, form):
        return see_other(request, f"{sheet.desk}?at={(steps.next or steps.at).code}")
    return _show(request, sheet, steps, form)


def _near(rows: Any, sheet: Any) -> list[Any]:
    """The judge's sheets of the same round around this one."""
    before = rows.filter(pk__lt=sheet.pk).select_related("entry__org").order_by("-pk")[:NEAR]
    after = rows.filter(pk__gte=sheet.pk).select_related("entry__org").order_by("pk")[: NEAR + 1]
    return [*reversed(before), *after]


def _saved(request: HttpRequest, sheet: Any, leaf: str, form: SentForm) -> bool:
    data = dict(form.cleaned_data)
    version, score = data.pop("version"), data.pop("score")
    try:
        save_score(Actor.of(request), sheet, leaf, score, data, version=version)
    except Rejected as refused:
        for name, texts in refused.fields.items():
            form.add_error(name if name in form.fields else None, "；".join(texts))
        return False
    return True


def _show(request: HttpRequest, sheet: Any, steps: Steps, sent: SentForm | None) -> HttpResponse:
    process, leaf, round_ = process_of(sheet), steps.at, sheet.round
    given = sheet.scores.get(leaf.code, {})
    item = sheet.entry.items.filter(leaf=leaf.code).first()
    own = plain(item.score) if item else ""
    most = plain(leaf.scale.most if leaf.scale else 0)
    value = sent.data.get("score", "") if sent else plain(given["score"]) if given else ""
    chosen = [
        {"score": plain(score), "text": title, "chosen": value == plain(score)}
        for title, score in (leaf.scale.options if leaf.scale else ())
    ]
    initial = {text.code: given.get(text.code, "") for text in process.texts} | {"version": sheet.version}
    form: Any = sent or ScoreForm(process, initial=initial)
    if sent:
        form.fields["score"].widget = forms.HiddenInput()
    siblings = _near(sheets_for(request.user, process).filter(round=round_), sheet)
    context = {
        "title": f"{leaf.code} {leaf.title}",
        "path": path_words(round_.indicators, leaf),
        "lede": f"标准分 {most} 分。{round_.details.get(leaf.code, '')}",
        "subject": str(sheet.entry.org),
        "phone_note": round_.title,
        "subjects": [View(str(one.entry.org), one.desk, current=one.pk == sheet.pk) for one in siblings],
        "progress": {"done": len(sheet.leaves) - len(sheet.lacking), "total": len(sheet.leaves)},
        "nodes": nodes(
            round_.indicators,
            leaf.code,
            sheet.desk,
            {code: one["score"] for code, one in sheet.scores.items()},
            sheet.leaves,
        ),
        "levels": chosen,
        "own": {"score": own, "who": "", "text": _own_words(item)} if item else None,
        "files": evidence(attachments_of(item, EVIDENCE)) if item else [],
        "score": {
            "id": "score",
            "name": "score",
            "value": value,
            "most": most,
            "step": plain(leaf.scale.step if leaf.scale else 1),
            "own": own,
            "reason_id": "id_deduction",
            "hint": f"0 到 {most} 分",
        },
        "form": form,
        "others": [Fact("自评分", own or "未填"), Fact("其他评委", "汇总后可见")],
        "saved": "已保存" if given else "",
        "locked": _locked(sheet),
        "post": f"{sheet.desk}?at={leaf.code}",
        "previous": steps.previous and f"{sheet.desk}?at={steps.previous.code}",
        "next": steps.next and f"{sheet.desk}?at={steps.next.code}",
        "sheet": sheet,
        "forms": [(one.name, one.address()) for one in attachments_of(sheet.entry, FORM)],
        "given": [(text.title, given.get(text.code, "")) for text in process.texts] if given else [],
        "crumbs": [Crumb(f"{process.title}评分", process.url("desk/")), Crumb(str(sheet.entry.org))],
    }
    return render(request, "rounds/sheet.html", context, status=422 if sent else 200)


def _own_words(item: Any) -> str:
    return str(item.text) + (f"\n扣分说明：{item.reason}" if item.reason else "")


def _locked(sheet: Any) -> str:
    if sheet.round.state != "scoring":
        return f"评估任务当前是“{sheet.round.state_shown.title}”，评分已锁定"
    return "评分表已提交，评分已锁定；汇总之前可以收回修改" if sheet.state == SUBMITTED else ""


@require_POST
def turn(request: HttpRequest, process: str, pk: int, verb: str) -> HttpResponse:
    """Hand the sheet in, or take it back."""
    known = process_named(process)
    sheet = _sheet(request, known, pk)
    actor = Actor.of(request)

    def work() -> str:
        VERBS[verb](actor, sheet)
        return str(sheet.desk)

    return once(request, actor, work)


VERBS = {"submit": submit_sheet, "take-back": take_back}
