"""Pages of the reader and of former versions (D05.1, D05.4, D05.5)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST, require_safe

from anlan.engines.audit.api import Actor
from anlan.engines.files.api import Shown, preview
from anlan.engines.library.documents import Document, current
from anlan.engines.library.editions import edition_of, restore
from anlan.engines.library.linking import target_of
from anlan.engines.library.reader import Reader, tabs
from anlan.engines.library.readings import note_reading
from anlan.engines.library.registers import EDIT, Documents
from anlan.engines.library.searching import VIEW
from anlan.engines.org.api import scope
from anlan.kernel.errors import Conflict, Forbidden, Missing
from anlan.shell.parts import Action, Crumb, View
from anlan.shell.responses import see_other
from anlan.shell.rich_text import shown

LIST = Crumb(Documents.title, "/library/documents/")


def seen(user: Any, pk: int) -> Document:
    """A document the person may read; Missing outside."""
    rows = Document.objects.visible(user, VIEW).select_related("org", "topic", "kind", "successor")
    found: Document = rows.one(pk=pk)
    return found


@require_safe
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """The reader at a place."""
    document = seen(request.user, pk)
    reader = Reader(document, request.GET)
    note_reading(request, document)
    kind, record = _wanted(request)
    before, after = reader.steps()
    earlier, later = reader.leaves()
    blocks = [] if reader.is_paper else reader.blocks()
    context = {
        "title": document.title,
        "document": document,
        "crumbs": [LIST, Crumb(document.title, document.get_absolute_url()), Crumb("全文阅读")],
        "reader": reader,
        "views": [View(title, url, None, here) for title, url, here in tabs(reader)],
        "blocks": blocks,
        "preview": "" if blocks or reader.is_paper else _preview(reader),
        "marks": reader.marks(),
        "previous": before,
        "next": after,
        "earlier": earlier,
        "later": later,
        "follower": current(document),
        "target": record,
        "target_kind": kind,
        "target_said": request.GET.get("for", ""),
    }
    return render(request, "library/reader.html", context)


def _preview(reader: Reader) -> str:
    """What can be shown of a file without text: a picture, a recording, or why it cannot be opened."""
    item = reader.part.file
    if item is None:
        return ""
    seen_as = {"shown": Shown(item.file, item.name, item.mark()), "url": f"/files/{item.uid}"}
    return render_to_string("files/preview.html#shown", {**seen_as, "preview": preview(item.file)})


def _wanted(request: HttpRequest) -> tuple[Any, Any]:
    """The record a clause is looked for, if the address names one."""
    said = request.GET.get("for", "")
    return target_of(request.user, said) if said else (None, None)


@require_safe
def edition(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A former version."""
    document = seen(request.user, pk)
    found = edition_of(document, number)
    if found is None:
        raise Missing
    former = f"第 {found.number} 版"
    actions = []
    if number != document.version and document.archived_at is None and _may_edit(request, document):
        url = f"{document.get_absolute_url()}editions/{number}/restore"
        actions = [
            Action(
                "恢复这一版",
                post=url,
                icon="arrow-back-up",
                confirm=f"恢复{former}",
                effect="成为新版本，现在的内容仍留在历次版本里",
            )
        ]
    context = {
        "title": f"{found.values['title']}（{former}）",
        "crumbs": [LIST, Crumb(document.title, document.get_absolute_url()), Crumb(former)],
        "edition": found,
        "body": shown(found.values["body"]),
        "actions": actions,
    }
    return render(request, "library/edition.html", context)


def _may_edit(request: HttpRequest, document: Document) -> bool:
    return scope(request.user, EDIT).covers(document.org.path)


@require_POST
def take_back(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Bring a former version back."""
    document = seen(request.user, pk)
    found = edition_of(document, number)
    if found is None:
        raise Missing
    if not _may_edit(request, document):
        raise Forbidden(EDIT)
    if number == document.version:
        raise Conflict("这就是现在的版本")
    restore(Actor.of(request), document, found)
    return see_other(request, document.get_absolute_url())
