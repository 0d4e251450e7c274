"""The search page and the linking of what was found to a record (D05.3)."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from anlan.engines.audit.api import Actor
from anlan.engines.library.documents import LEVELS, VALIDITY, Document
from anlan.engines.library.linking import link, link_for, target_of, unlink
from anlan.engines.library.passages import Passage
from anlan.engines.library.reader_pages import seen
from anlan.engines.library.searching import SIZE, VIEW, Search
from anlan.engines.library.shelves import DocumentKind, Topic
from anlan.engines.org.api import require
from anlan.kernel.errors import Missing
from anlan.shell.parts import Choice, Filter, View
from anlan.shell.responses import render_block, see_other
from anlan.shell.tables import address, numbered_pages

EMPTY = "请输入要查找的词"


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Ask, and see what was found; an empty question is refused in words."""
    require(request.user, VIEW)
    search = Search(request.user, request.GET)
    said = request.GET.get("for", "")
    kind, record = target_of(request.user, said) if said else (None, None)
    asked = "q" in request.GET
    context: dict[str, Any] = {
        "title": "全文检索",
        "q": request.GET.get("q", ""),
        "filters": _filters(request),
        "keep": [(name, request.GET[name]) for name in ("sort", "for") if request.GET.get(name)],
        "refused": EMPTY if asked and not search.words else "",
        "target": record,
        "target_kind": kind,
        "target_said": said,
    }
    if search.words:
        context |= _found(request, search)
    return render_block(request, "library/search.html", "found", context)


def _found(request: HttpRequest, search: Search) -> dict[str, Any]:
    pages = numbered_pages(request, search.page, SIZE, search.total, len(search.hits))
    by_date = request.GET.get("sort") == "date"
    return {
        "search": search,
        "total": search.total,
        "hits": search.hits,
        "silent": search.silent,
        "orders": [
            View("按相关程度", address(request, sort=None, page=None), None, not by_date),
            View("按发布日期", address(request, sort="date", page=None), None, by_date),
        ],
        "page": replace(pages, sizes=()),
    }


def _filters(request: HttpRequest) -> list[Filter]:
    user = request.user
    topics, kinds = (
        [(str(row.pk), getattr(row, "trail", str(row))) for row in _shelf(model, user)]
        for model in (Topic, DocumentKind)
    )
    dates = Document.objects.visible(user, VIEW).exclude(issued_on=None).order_by()
    years = sorted(dates.values_list("issued_on__year", flat=True).distinct(), reverse=True)
    offered = {
        "topic": ("主题", topics),
        "kind": ("类型", kinds),
        "force": ("效力", VALIDITY),
        "level": ("发文层级", LEVELS),
        "year": ("年份", [(str(year), f"{year} 年") for year in years]),
    }
    return [_pill(request, name, *said) for name, said in offered.items()]


def _shelf(model: Any, user: Any) -> Any:
    rows = model.objects.visible(user, f"library.{'topics' if model is Topic else 'kinds'}.view")
    joined = ("parent__parent__parent",) if model is Topic else ("org",)
    return rows.filter(archived_at=None).select_related(*joined)


def _pill(request: HttpRequest, name: str, label: str, options: Any) -> Filter:
    said = request.GET.getlist(name)
    choices = [Choice(value, title, checked=value in said) for value, title in options]
    return Filter(name, label, choices, "、".join(choice.label for choice in choices if choice.checked))


@require_POST
def add_link(request: HttpRequest) -> HttpResponse:
    """Link a passage to the record it was looked for."""
    kind, record = target_of(request.user, request.POST.get("for", ""))
    said = request.POST.get("passage", "")
    passage = Passage.objects.filter(pk=int(said)).first() if said.isdecimal() and len(said) < 18 else None
    if passage is None:
        raise Missing
    seen(request.user, passage.document_id)
    link(Actor.of(request), passage, record)
    messages.success(request, "已关联")
    return see_other(request, kind.url(record.pk))


@require_POST
def remove_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a link away."""
    found, kind = link_for(request.user, pk)
    unlink(Actor.of(request), found)
    return see_other(request, kind.url(found.object_id))
