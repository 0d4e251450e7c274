"""The page of a report: period, grouping, a table whose numbers open their lists; Excel, CSV and paper."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from anlan.engines.analytics.pages import period_of
from anlan.engines.analytics.publish_pages import publishing
from anlan.engines.analytics.sheets import MOST_LINES, Crosstab, Line, Sheet
from anlan.engines.audit.api import Actor, log
from anlan.engines.org.api import require
from anlan.engines.output.api import as_download, pdf_of
from anlan.engines.registry.api import writers
from anlan.kernel import clock
from anlan.kernel.errors import Missing
from anlan.kernel.numbers import percent_text
from anlan.shell.parts import Action, View

PDF = "pdf"


@require_safe
def page(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """The report as a person with the right sees it; a reversed period is refused."""
    require(request.user, sheet.permission)
    more, by = period_of(request, sheet.period), sheet.grouping(request.GET.get("by", ""))
    table = Crosstab(sheet, by, more, request.user)
    lines, total = table.lines(), table.total()
    figures = [one.narrowed(more) for one in sheet.figures]
    context = {
        "sheet": sheet,
        "lede": _lede(sheet, total),
        "publishing": publishing(request, sheet),
        "by": by,
        "groupings": [
            View(one.title, f"{sheet.url}?by={one.code}&{more}", None, one is by) for one in sheet.groupings
        ],
        "stats": [stat for one in figures if (stat := one.stat(request.user))],
        "lines": [*lines, total] if lines else [],
        "panels": [panel for build in sheet.panels if (panel := build(request.user, more)) is not None],
        "capped": len(lines) == MOST_LINES,
        "first": request.GET.get(f"{sheet.period}_from", ""),
        "last": request.GET.get(f"{sheet.period}_to", ""),
        "exports": _exports(sheet, by.code, more),
    }
    return render(request, "analytics/sheet.html", context)


def _lede(sheet: Sheet, total: Line) -> str:
    first = total.cells[0]
    words = f"{first.title} {first.value:,} 条"
    return f"{words}，{sheet.rate[0]} {percent_text(total.rate)}" if total.rate is not None else words


def _exports(sheet: Sheet, by: str, more: str) -> list[Action]:
    return [Action(one.title, f"{sheet.url}export?format={one.code}&by={by}&{more}") for one in writers]


@require_safe
def export(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """The table as a file; written down."""
    require(request.user, sheet.permission)
    wanted = request.GET.get("format", "xlsx")
    if wanted not in writers:
        raise Missing
    more, by = period_of(request, sheet.period), sheet.grouping(request.GET.get("by", ""))
    table = Crosstab(sheet, by, more, request.user)
    lines = [*table.lines(), table.total()]
    actor = Actor.of(request)
    log(actor, "export", None, title=sheet.title, after={"rows": len(lines), "by": by.code, "query": more})
    heads = [by.title, *(measure.title for measure in sheet.measures), sheet.rate[0]]
    rows = [_row(line) for line in lines]
    note = f"导出人：{actor.name}，{clock.now().astimezone(clock.zone()):%Y-%m-%d %H:%M}"
    name = f"{sheet.title}-{clock.today():%Y%m%d}.{wanted}"
    if wanted == PDF:
        said = {
            "title": sheet.title,
            "period": _said(request, sheet),
            "heads": heads,
            "rows": rows,
            "note": note,
        }
        return as_download(
            name, pdf_of(render_to_string("analytics/sheet_paper.html", said)), "application/pdf"
        )
    return as_download(name, writers[wanted].write(sheet.title, heads, rows, note))


def _row(line: Line) -> list[Any]:
    return [line.title, *(cell.value for cell in line.cells), percent_text(line.rate)]


def _said(request: HttpRequest, sheet: Sheet) -> str:
    ends = [request.GET.get(f"{sheet.period}_{end}", "") for end in ("from", "to")]
    return f"{ends[0] or '开始'} 至 {ends[1] or '今天'}" if any(ends) else "全部时间"
