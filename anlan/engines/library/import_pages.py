"""The page that brings files in (D05.7, D05.8, D05.10)."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from anlan.engines.audit.api import Actor
from anlan.engines.library.documents import Document
from anlan.engines.library.importing import NEW_VERSION, SECOND, bring_in, read_upload
from anlan.engines.library.registers import Documents
from anlan.engines.org.api import require
from anlan.engines.registry.api import add_slots, form_for, fresh_key, ledgers, once, take
from anlan.kernel.errors import Rejected
from anlan.shell.parts import Action, Crumb
from anlan.shell.responses import render_block

ADD = "library.documents.add"
ASKED = "org topic kind level issuer force"
SAME = [(NEW_VERSION, "存为新版本"), (SECOND, "另存一份")]
HINT = "Word（doc、docx）和文本（txt）导入后可以在线编辑；PDF、Excel 等保留原件，自动识别文字供检索。"


def _form(request: HttpRequest) -> Any:
    sent = request.method == "POST"
    data, files = (request.POST, request.FILES) if sent else (None, None)
    ledger = ledgers[Documents.code]
    form: Any = form_for(ledger, request.user, None, data, ASKED.split(), files=files)
    form.fields["same"] = forms.ChoiceField(
        label="有同名文件时", choices=SAME, required=False, widget=forms.RadioSelect
    )
    form.fields["force"].choices = [("in_force", "现行有效"), ("draft", "草稿")]
    add_slots(form, ledger, ["source"])
    form.slots = ["source"]
    form.fields["source"].label = "文件"
    form.fields["source"].required = True  # for the mark beside the label; those kept count too
    return form


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """Ask for files and where they belong; all come in or none."""
    require(request.user, ADD)
    form = _form(request)
    if request.method != "POST":
        return _show(request, form)
    taken = take(request, form, ["source"], ("source",))["source"]
    if form.errors:
        return _show(request, form)
    actor = Actor.of(request)
    values = form.values()
    same = values.pop("same")
    try:
        incoming = [read_upload(request.user, uid) for uid in taken]

        def work() -> str:
            made: list[Document] = [bring_in(actor, one, values, same) for one in incoming]
            return made[0].get_absolute_url() if len(made) == 1 else "/library/documents/"

        return once(request, actor, work)
    except Rejected as refused:
        for name, said in refused.fields.items():
            for text in said:
                form.add_error(name if name in form.fields else None, text)
        return _show(request, form)


def _show(request: HttpRequest, form: Any) -> HttpResponse:
    context = {
        "title": "导入文件",
        "lede": HINT,
        "crumbs": [Crumb(Documents.title, "/library/documents/"), Crumb("导入文件")],
        "form": form,
        "sections": [
            {"id": "what", "title": "导入哪些文件", "fields": ["source", "same"]},
            {"id": "where", "title": "放到哪里", "fields": ASKED.split()},
        ],
        "primary": "导入",
        "others": [Action("取消", "/library/documents/", "quiet")],
        "key": fresh_key(),
    }
    return render_block(request, "shell/form.html", "form", context, 422 if form.is_bound else 200)
