"""The analysis page: key numbers, charts with their tables, a period, an export."""

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anlan.engines.analytics.declaring import Analysis, Card
from anlan.engines.analytics.figures import Figure, tally
from anlan.engines.audit.api import Actor, log
from anlan.engines.org.api import require
from anlan.engines.registry.api import period, write_csv
from anlan.kernel import clock
from anlan.shell.parts import Rank


@require_safe
def page(request: HttpRequest, analysis: Analysis) -> HttpResponse:
    """The page as a person with the right sees it; a reversed period is refused."""
    require(request.user, analysis.permission)
    more = period_of(request, analysis.period)
    context = {
        "analysis": analysis,
        "stats": [found for one in analysis.figures if (found := one.narrowed(more).stat(request.user))],
        "cards": [_card(card, more, request.user) for card in analysis.cards],
        "first": request.GET.get(f"{analysis.period}_from", ""),
        "last": request.GET.get(f"{analysis.period}_to", ""),
        "query": request.GET.urlencode(),
    }
    return render(request, "analytics/page.html", context)


def period_of(request: HttpRequest, name: str) -> str:
    """The part of the query string that says the period; Rejected for a reversed one."""
    if not name:
        return ""
    first, last = period(request.GET, name)
    said = {f"{name}_from": first, f"{name}_to": last}
    return "&".join(f"{key}={day}" for key, day in said.items() if day)


def _card(card: Card, more: str, user: Any) -> dict[str, Any]:
    figure: Figure = card.figure.narrowed(more)
    slices = tally(figure, card.by, user)
    ranks = [Rank(item.title, item.value, f"{item.value:,}", item.url) for item in slices]
    return {"title": card.title, "slices": slices, "ranks": ranks, "total": sum(s.value for s in slices)}


@require_safe
def export(request: HttpRequest, analysis: Analysis) -> HttpResponse:
    """The tables of the page as CSV; written down."""
    require(request.user, analysis.permission)
    more = period_of(request, analysis.period)
    rows = [
        (card.title, item.title, item.value)
        for card in analysis.cards
        for item in tally(card.figure.narrowed(more), card.by, request.user)
    ]
    actor = Actor.of(request)
    log(actor, "export", None, title=analysis.title, after={"rows": len(rows), "query": more})
    note = f"导出人：{actor.name}，{clock.now().astimezone(clock.zone()):%Y-%m-%d %H:%M}"
    content = write_csv(analysis.title, ("图表", "项目", "数量"), rows, note)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(analysis.title)}.csv"
    return response
