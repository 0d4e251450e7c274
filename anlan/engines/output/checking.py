"""The page behind the code on a paper: anybody who holds the paper sees whether it is sound (S05.3)."""

import hashlib
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from anlan.engines.files.api import may_read_files_of, register_reader
from anlan.engines.identity.api import public
from anlan.engines.output.sealed import SealedPaper, paper_by, paper_faults
from anlan.engines.output.signatures import Signature, signatures_of
from anlan.engines.registry.api import masked
from anlan.shell.parts import Event, Fact

LARGEST = 20 * 1024 * 1024


class CompareForm(forms.Form):
    """The file in hand; it is compared and not kept."""

    file = forms.FileField(
        label="手里的 PDF 文件",
        help_text="只比对内容，不会保存",
        error_messages={"required": "请选择文件", "empty": "文件是空的"},
    )

    def clean_file(self) -> Any:
        """Refuse what is larger than any paper."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError("文件超过 20 MB")
        return file


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, token: str) -> HttpResponse:
    """Title, unit, signatures (names masked) and soundness; a file sent is compared with the paper."""
    paper = paper_by(token)
    sent = request.method == "POST"
    form = CompareForm(request.POST, request.FILES) if sent else CompareForm()
    same = _digest(form.cleaned_data["file"]) == paper.sha256 if sent and form.is_valid() else None
    faults = paper_faults(paper)
    context = {
        "paper": paper,
        "facts": [
            Fact("文书", paper.title),
            Fact("单位", str(paper.org)),
            Fact("成文时间", paper.sealed_at),
            Fact("内容校验值", paper.content[:16]),
        ],
        "events": [_event(one) for one in signatures_of(paper.record)],
        "faults": faults,
        "void": paper.record.archived_at is not None,
        "form": form,
        "same": same,
    }
    return render(request, "output/verify.html", context, status=422 if form.errors else 200)


def _event(one: Signature) -> Event:
    who, how = masked("name", one.name), one.get_method_display()
    return Event(one.capacity, who, one.at, tone="done", text=one.reason, how=how)


def _digest(file: Any) -> str:
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    return found.hexdigest()


def reads_signature(user: Any, pk: int) -> bool:
    """Whoever reads the files of the record sees the signatures on it."""
    found = Signature.objects.unscoped().filter(pk=pk).first()
    return found is not None and may_read_files_of(user, found.model, found.object_id)


def reads_paper(user: Any, pk: int) -> bool:
    """Whoever reads the files of the record gets its paper."""
    found = SealedPaper.objects.unscoped().filter(pk=pk).first()
    return found is not None and may_read_files_of(user, found.model, found.object_id)


register_reader("output.signature", reads_signature)
register_reader("output.sealedpaper", reads_paper)
