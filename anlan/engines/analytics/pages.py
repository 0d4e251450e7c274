"""The analysis page: key numbers, charts with their tables, a period, an export."""

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anlan.engines.analytics.crossing import rows_of, sheet_of
from anlan.engines.analytics.declaring import Analysis, Card
from anlan.engines.analytics.figures import Figure, tally
from anlan.engines.analytics.publish_pages import publishing
from anlan.engines.audit.api import Actor, log
from anlan.engines.org.api import require
from anlan.engines.registry.api import period, write_csv
from anlan.kernel import clock
from anlan.shell.parts import View


@require_safe
def page(request: HttpRequest, analysis: Analysis) -> HttpResponse:
    """The page as a person with the right sees it; a reversed period is refused."""
    require(request.user, analysis.permission)
    more = period_of(request, analysis.period)
    context = {
        "analysis": analysis,
        "title": analysis.title,
        "lede": _lede(analysis, more, request.user),
        "stats": [found for one in analysis.figures if (found := one.narrowed(more).stat(request.user))],
        "publishing": publishing(request, analysis),
        "cards": [_card(card, more, request.user) for card in analysis.cards],
        "first": request.GET.get(f"{analysis.period}_from", ""),
        "last": request.GET.get(f"{analysis.period}_to", ""),
        "query": request.GET.urlencode(),
        **_crossed(request, analysis, more),
    }
    return render(request, "analytics/page.html", context)


def _lede(analysis: Analysis, more: str, user: Any) -> str:
    """The numbers in one sentence; nothing counts as nothing, never as all."""
    numbers = [
        f"{figure.title} {figure.narrowed(more).value(user):,} {figure.unit}"
        for figure in analysis.figures[:4]
    ]
    return "，".join(numbers)


def _crossed(request: HttpRequest, analysis: Analysis, more: str) -> dict[str, Any]:
    if analysis.cross is None:
        return {}
    chosen, query = analysis.cross.dimension(request.GET.get("by", "")), request.GET.copy()
    views = []
    for one in analysis.cross.dimensions:
        query["by"] = one.code
        views.append(View(one.title, f"{analysis.url}?{query.urlencode()}", None, one is chosen))
    rows = rows_of(analysis.cross, chosen, more, request.user)
    return {"cross": analysis.cross, "dimension": chosen, "rows": rows, "views": views}


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
    total, rest = sum(item.value for item in slices), slices[card.most :] if card.most else []
    return {
        "title": card.title,
        "slices": slices[: card.most] if card.most else slices,
        "rest": sum(item.value for item in rest),
        "total": total,
    }


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
    if analysis.cross is not None:
        chosen = analysis.cross.dimension(request.GET.get("by", ""))
        rows += sheet_of(analysis.cross, chosen, more, request.user)
    actor = Actor.of(request)
    log(actor, "export", None, title=analysis.title, after={"rows": len(rows), "query": more})
    note = f"导出人：{actor.name}，{clock.now().astimezone(clock.zone()):%Y-%m-%d %H:%M}"
    content = write_csv(analysis.title, ("图表", "项目", "数量"), rows, note)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(analysis.title)}.csv"
    return response
