"""Pages of Word: records as a document, and the templates of a ledger with the fields their authors may use."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from anlan.engines.audit.api import Actor
from anlan.engines.org.api import require
from anlan.engines.output.pages import chosen_keys
from anlan.engines.output.sending import as_download
from anlan.engines.output.word_fields import COMMON, HISTORY, STEPS, UNIT, Placeholder, placeholders
from anlan.engines.output.word_papers import AT_ONCE, MOST, file_name, start_word, word_of_records
from anlan.engines.output.word_starter import starter
from anlan.engines.output.word_templates import WORD, keep_template, template_of, templates_of
from anlan.engines.registry.api import Ledger, ledgers, one
from anlan.kernel import clock
from anlan.kernel.errors import Missing, Rejected
from anlan.shell.parts import Crumb
from anlan.shell.responses import see_other


class TemplateForm(forms.Form):
    """A template and the day it begins."""

    file = forms.FileField(
        label="Word 模板（.docx）",
        error_messages={"required": "请选择文件", "empty": "文件是空的"},
    )
    valid_from = forms.DateField(
        label="启用日期",
        initial=clock.today,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text="到这一天起用于本单位和下级单位的打印；以前的模板留作历史",
    )


@require_safe
def record_word(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One record as a Word document."""
    return _papers(request, ledgers[code], [pk])


@require_http_methods(["GET", "HEAD", "POST"])
def records_word(request: HttpRequest, code: str) -> HttpResponse:
    """The rows chosen as one document, each on a new page; many become a job whose message brings the file."""
    ledger = ledgers[code]
    require(request.user, ledger.permission("view"))
    chosen = chosen_keys(request, MOST)
    if len(chosen) <= AT_ONCE:
        return _papers(request, ledger, chosen)
    job = start_word(Actor.of(request), ledger, chosen)
    context = {"job": job, "ledger": ledger, "crumbs": [Crumb(ledger.title, ledger.url), Crumb("Word")]}
    return render(request, "output/queued.html", context, status=202)


def _papers(request: HttpRequest, ledger: Ledger, chosen: list[int]) -> HttpResponse:
    records = [one(ledger, request.user, pk) for pk in chosen]
    return as_download(file_name(ledger, records), word_of_records(Actor.of(request), ledger, records))


def _ledger(request: HttpRequest, code: str) -> Ledger:
    require(request.user, WORD)
    found = ledgers.get(code)
    if found is None:
        raise Missing
    require(request.user, found.permission("view"))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def templates(request: HttpRequest, code: str) -> HttpResponse:
    """Templates of a ledger, the fields to write, and the form for a new one."""
    ledger = _ledger(request, code)
    sent = request.method == "POST"
    form = TemplateForm(request.POST, request.FILES) if sent else TemplateForm()
    if sent and form.is_valid() and _kept(request, ledger, form):
        messages.success(request, "模板已保存")
        return see_other(request, f"/word/{code}/")
    unit: Any = getattr(request.user, "unit", None)
    context = {
        "title": f"{ledger.title}的 Word 模板",
        "ledger": ledger,
        "form": form,
        "kept": templates_of(ledger, request.user),
        "now": template_of(ledger, unit) if unit else None,
        "fields": [*_always(), *placeholders(ledger)],
        "history": {"name": HISTORY, "keys": STEPS},
        "crumbs": [Crumb(ledger.title, ledger.url), Crumb("Word 模板")],
    }
    return render(request, "output/word_templates.html", context, status=422 if form.errors else 200)


def _always() -> list[Placeholder]:
    said = {**COMMON, UNIT: "记录所属的单位"}
    return [Placeholder(name, "", title) for name, title in said.items()]


def _kept(request: HttpRequest, ledger: Ledger, form: TemplateForm) -> bool:
    try:
        keep_template(Actor.of(request), ledger, form.cleaned_data["file"], form.cleaned_data["valid_from"])
    except Rejected as refused:
        form.add_error("file", refused.message)
        return False
    return True


@require_safe
def starting(request: HttpRequest, code: str) -> HttpResponse:
    """The template to begin with: all fields of the ledger in a table."""
    ledger = _ledger(request, code)
    return as_download(f"{ledger.title}模板.docx", starter(ledger))
