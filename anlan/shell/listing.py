"""One page of rows as the list template takes it, for lists that no ledger declares."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse

from anlan.shell.parts import Choice, Filter
from anlan.shell.responses import render_block
from anlan.shell.rows import Column, compile_rows
from anlan.shell.tables import SIZES, Table, heads, numbered_pages

ORDER = ""


def whole_number(text: str | None, default: int) -> int:
    """A number of the address, or the default for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else default


def list_page(
    request: HttpRequest,
    title: str,
    rows: Any,
    columns: Sequence[Column],
    *,
    link: Callable[[Any], str] | None = None,
    template: str = "shell/list.html",
    **context: Any,
) -> HttpResponse:
    """Answer with the list, or its rows alone for htmx; ``context`` is what ``shell/list.html`` documents."""
    size = whole_number(request.GET.get("size"), SIZES[0])
    paginator = Paginator(rows, size if size in SIZES else SIZES[0])
    page = paginator.get_page(whole_number(request.GET.get("page"), 1))
    body = compile_rows(columns, link)(page.object_list)
    context["table"] = Table(title, heads(request, columns, ORDER), body)
    context["page"] = numbered_pages(
        request, page.number, paginator.per_page, paginator.count, len(page.object_list)
    )
    return render_block(request, template, "rows", {"title": title, **context})


def choice_filter(request: HttpRequest, name: str, label: str, options: list[tuple[str, str]]) -> Filter:
    """A single-choice filter whose state is read from the address."""
    chosen = request.GET.get(name, "")
    choices = [Choice(value, text, checked=value == chosen) for value, text in options]
    return Filter(name, label, choices, dict(options).get(chosen, ""), multiple=False)
