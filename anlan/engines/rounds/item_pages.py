"""The page on which a participant fills in one item after the other (SAF.33, SAF.34)."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from anlan.engines.audit.api import Actor
from anlan.engines.files.api import attach, attachments_of, choose, in_stock, remove
from anlan.engines.org.api import scope
from anlan.engines.registry.api import FilesInStock, SeveralFiles
from anlan.engines.rounds.entries import Said, save_item
from anlan.engines.rounds.processes import process_named, process_of, processes
from anlan.engines.rounds.shown import EVIDENCE, Desk
from anlan.engines.rounds.stepping import Steps, evidence, nodes, path_words
from anlan.kernel.errors import Forbidden, Rejected
from anlan.shell.parts import Crumb
from anlan.shell.picking import Lookup, lookup_url, lookups, suited
from anlan.shell.responses import see_other

STOCK = "rounds-stock"


def _own_stock(user: Any) -> Any:
    """What the person's own unit has uploaded; Forbidden for who fills in nothing."""
    if not any(scope(user, one.right("entries.fill")) for one in processes):
        raise Forbidden(STOCK)
    return in_stock(user.unit)


lookups.add(STOCK, Lookup(STOCK, _own_stock))


class ItemForm(forms.Form):
    """What a participant says about an indicator."""

    score = forms.DecimalField(label="自评分", max_digits=6, decimal_places=2)
    text = forms.CharField(
        label="情况说明", required=False, max_length=2000, widget=forms.Textarea({"rows": "5"})
    )
    reason = forms.CharField(
        label="扣分说明", required=False, max_length=1000, widget=forms.Textarea({"rows": "3"}),
        help_text="自评分低于标准分时必填",
    )  # fmt: skip
    papers = SeveralFiles(
        label="佐证材料", required=False, help_text="照片、Word、Excel、PDF、视频等，可一次选多个"
    )
    chosen = FilesInStock()
    drop = forms.MultipleChoiceField(
        label="去掉已传的材料", required=False,
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
    )  # fmt: skip
    version = forms.IntegerField(required=False, widget=forms.HiddenInput())


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, process: str, pk: int) -> HttpResponse:
    """One item with the way to the others; a POST stores it and goes on to the next."""
    known = process_named(process)
    rows = known.table("Entry").objects.visible(request.user, known.right("entries.view"))
    entry = rows.filter(archived_at=None).select_related("round", "org").one(pk=pk)
    steps = Steps(entry.round.indicators.leaves, request.GET.get("at", ""))
    item = entry.items.filter(leaf=steps.at.code).first()
    form = _form(entry, item, request)
    if request.method == "POST":
        if not scope(request.user, known.right("entries.fill")).covers(entry.org.path):
            raise Forbidden(known.right("entries.fill"))
        if form.is_valid() and _saved(request, entry, steps.at.code, form):
            return see_other(request, f"{entry.desk}?at={(steps.next or steps.at).code}")
        item = entry.items.filter(leaf=steps.at.code).first()
    return _show(request, entry, steps, item, form)


def _form(entry: Any, item: Any, request: HttpRequest) -> ItemForm:
    sent = request.method == "POST"
    names = ("score", "text", "reason", "version")
    known = {name: getattr(item, name) for name in names} if item else {}
    form = ItemForm(request.POST if sent else None, request.FILES if sent else None, initial=known)
    there = attachments_of(item, EVIDENCE) if item else []
    fields: dict[str, Any] = form.fields
    fields["drop"].choices = [(str(one.uid), one.name) for one in there]
    if not there:
        del form.fields["drop"]
    fields["chosen"].offer(entry.org)
    suited(fields["chosen"], lookup_url(STOCK), request.user)
    return form


def _saved(request: HttpRequest, entry: Any, leaf: str, form: ItemForm) -> bool:
    """Store the item, then each file by itself: one that is refused is named, the others stay."""
    actor, data = Actor.of(request), form.cleaned_data
    try:
        said = Said(data["score"], data["text"], data["reason"])
        item = save_item(actor, entry, leaf, said, version=data["version"])
    except Rejected as refused:
        for name, texts in refused.fields.items():
            form.add_error(name if name in form.fields else None, "；".join(texts))
        return False
    for one in attachments_of(item, EVIDENCE):
        if str(one.uid) in data.get("drop", ()):
            remove(actor, one)
    for upload in data["papers"]:
        try:
            attach(actor, item, upload, EVIDENCE)
        except Rejected as refused:
            form.add_error("papers", f"{upload.name}：{refused.message}")
    try:
        choose(actor, item, EVIDENCE, data["chosen"])
    except Rejected as refused:
        form.add_error("chosen", refused.message)
    return form.is_valid()


def _show(request: HttpRequest, entry: Any, steps: Steps, item: Any, form: ItemForm) -> HttpResponse:
    process, desk = process_of(entry), Desk(entry)
    items = {one.leaf: one for one in entry.items.all()}
    may = scope(request.user, process.right("entries.fill")).covers(entry.org.path)
    files = attachments_of(item, EVIDENCE) if item else []
    context = {
        "title": f"{steps.at.code} {steps.at.title}",
        "path": path_words(entry.round.indicators, steps.at),
        "lede": entry.round.details.get(steps.at.code, ""),
        "standard": steps.at.scale and steps.at.scale.most,
        "options": steps.at.scale.options if steps.at.scale else (),
        "entry": entry,
        "desk": desk,
        "nodes": nodes(
            entry.round.indicators,
            steps.at.code,
            entry.desk,
            {code: one.score for code, one in items.items()},
        ),
        "form": form,
        "item": item,
        "files": evidence(files),
        "writable": may and desk.open,
        "previous": steps.previous and f"{entry.desk}?at={steps.previous.code}",
        "next": steps.next and f"{entry.desk}?at={steps.next.code}",
        "crumbs": [Crumb(f"{process.title}自评", entry.get_absolute_url()), Crumb("逐项自评")],
    }
    return render(request, "rounds/item.html", context, status=422 if form.is_bound else 200)
