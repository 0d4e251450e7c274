"""A page that answers a question: a form, key numbers, charts, one table whose numbers open their lists."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django import forms
from django.http import HttpRequest, HttpResponse

from anlan.engines.audit.api import Actor, log
from anlan.engines.registry.api import write_csv
from anlan.kernel import clock
from anlan.shell.parts import Rank, Stat, View
from anlan.shell.responses import render_block

EXPORT = "export"


@dataclass(frozen=True)
class Cell:
    """A figure as printed, and the list behind it; ``tone`` late prints it red; ``words``: it is no number."""

    shown: str
    url: str = ""
    tone: str = ""
    words: bool = False


@dataclass(frozen=True)
class Line:
    """A row of the table: its words, where they lead, its figures."""

    title: str
    cells: Sequence[Cell]
    url: str = ""


@dataclass(frozen=True)
class Chart:
    """Ranked bars; ``whole`` is what a full bar means."""

    title: str
    ranks: Sequence[Rank]
    whole: float = 0.0


@dataclass(frozen=True)
class Answer:
    """What the page says; ``head`` names the first column and then each figure; ``worded``: they are words."""

    head: Sequence[str]
    lines: Sequence[Line]
    total: Line | None = None
    lede: str = ""
    note: str = ""
    stats: Sequence[Stat] = ()
    charts: Sequence[Chart] = ()
    views: Sequence[View] = field(default_factory=tuple)
    worded: bool = False


def show(request: HttpRequest, title: str, form: forms.Form, answer: Answer | None) -> HttpResponse:
    """The page, or with ``export`` in the address the table as CSV; without an answer the form says why (422)."""
    if answer is not None and request.GET.get(EXPORT):
        return _csv(request, title, answer)
    query = request.GET.copy()
    query[EXPORT] = "csv"
    context = {"title": title, "form": form, "answer": answer, "export": f"?{query.urlencode()}"}
    return render_block(request, "analytics/query.html", "figures", context, 200 if answer else 422)


def _csv(request: HttpRequest, title: str, answer: Answer) -> HttpResponse:
    lines = [*answer.lines, *([answer.total] if answer.total else [])]
    rows = [(line.title, *(cell.shown for cell in line.cells)) for line in lines]
    actor: Any = Actor.of(request)
    log(actor, "export", None, title=title, after={"rows": len(rows), "query": request.GET.urlencode()})
    note = f"导出人：{actor.name}，{clock.now().astimezone(clock.zone()):%Y-%m-%d %H:%M}"
    content = write_csv(title, tuple(answer.head), rows, note)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(title)}.csv"
    return response
