"""The report of a list: what it counts by, a chart, a table whose numbers open their lists, a file; kept as a view."""

from typing import Any
from urllib.parse import quote

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anlan.engines.audit.api import Actor, log
from anlan.engines.org.api import may, require
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.dimensions import dimensions
from anlan.engines.registry.outputs import writers
from anlan.engines.registry.pages.views import words_of
from anlan.engines.registry.preferences import REPORT, views_of
from anlan.engines.registry.reporting import MOST_BARS, MOST_LINES, Report, cells, heads, measures
from anlan.kernel import clock
from anlan.kernel.errors import Missing, Rejected
from anlan.shell.parts import Action, Crumb, Rank, View

BY, THEN, OF = "report-by", "report-then", "report-of"
BESIDE = (BY, THEN, OF, "format", "page", "size", "sort", "after", "before", "all")


class ReportForm(forms.Form):
    """One or two fields to group by, and the numbers to add up."""

    by = forms.ChoiceField(label="按什么统计")
    then = forms.ChoiceField(label="再按什么细分", required=False)
    of = forms.MultipleChoiceField(label="合计和平均", required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, ledger: Ledger, user: Any, query: QueryDict) -> None:
        self.ways, self.numbers = dimensions(ledger, user), measures(ledger, user)
        first = next(iter(self.ways), "")
        super().__init__(query if BY in query else {BY: first}, prefix="report")
        ways = [(code, one.title) for code, one in self.ways.items()]
        self.fields["by"].choices = ways  # type: ignore[attr-defined]
        self.fields["then"].choices = [("", "不细分"), *ways]  # type: ignore[attr-defined]
        self.fields["of"].choices = [(code, one.title) for code, one in self.numbers.items()]  # type: ignore[attr-defined]
        if not self.numbers:
            del self.fields["of"]

    def clean(self) -> dict[str, Any]:
        """Two fields that say the same say nothing."""
        said = super().clean() or {}
        if said.get("then") and said.get("then") == said.get("by"):
            self.add_error("then", "与“按什么统计”相同，请另选一项或不细分")
        return said

    def report(self, ledger: Ledger, user: Any, query: QueryDict, verb: str = "view") -> Report:
        """The report asked for."""
        said = self.cleaned_data
        by = tuple(self.ways[code] for code in (said["by"], said["then"]) if code)
        of = tuple(self.numbers[name] for name in said.get("of", ()))
        return Report(ledger, user, narrowing(query), by, of, verb)


def narrowing(query: QueryDict) -> QueryDict:
    """The part of an address that says which rows."""
    kept = query.copy()
    for name in BESIDE:
        kept.pop(name, None)
    return kept


@require_safe
def page(request: HttpRequest, ledger: Ledger) -> HttpResponse:
    """The report; 422 with the reason at the field for what cannot be grouped by or added up."""
    require(request.user, ledger.permission("view"))
    form, query = ReportForm(ledger, request.user, request.GET), narrowing(request.GET)
    fine = bool(form.ways) and form.is_valid()
    context = {
        "ledger": ledger,
        "form": form,
        "asked": words_of(ledger, query, request.user),
        "listed": f"{ledger.url}?{query.urlencode()}",
        "kept": [(name, value) for name, values in query.lists() for value in values],
        "views": _saved(request, ledger),
        "crumbs": [Crumb(ledger.title, ledger.url), Crumb("统计")],
        "exports": _exports(request, ledger) if fine else [],
        **(_shown(form.report(ledger, request.user, request.GET)) if fine else {}),
    }
    return render(request, "registry/report.html", context, status=200 if fine or not form.ways else 422)


def _shown(report: Report) -> dict[str, Any]:
    lines, total = report.lines(), report.total()
    outline = lines if len(report.by) == 1 else report.outline()
    ranks = [Rank(one.titles[0], one.sums.rows, f"{one.sums.rows:,}", one.url) for one in outline[:MOST_BARS]]
    words = "、".join(one.title for one in report.by)
    return {
        "heads": heads(report),
        "lines": lines[:MOST_LINES],
        "total": total,
        "width": len(report.by),
        "ranks": ranks,
        "most": max((rank.value for rank in ranks), default=0),
        "rest": len(outline) - len(ranks),
        "capped": len(lines) - MOST_LINES,
        "lede": f"按{words}统计，共 {total.sums.rows:,} {report.ledger.noun or '条'}",
    }


def _saved(request: HttpRequest, ledger: Ledger) -> list[View]:
    here = request.GET.urlencode()
    return [
        View(one.title, f"{ledger.url}report?{one.query}", None, one.query == here)
        for one in views_of(request.user, ledger.code, REPORT)
    ]


def _exports(request: HttpRequest, ledger: Ledger) -> list[Action]:
    if not may(request.user, ledger.permission("export")):
        return []
    query = request.GET.urlencode()
    return [
        Action(one.title, f"{ledger.url}report/export?{query}&format={one.code}")
        for one in sorted(writers, key=lambda one: one.code != "xlsx")
    ]


@require_safe
def export(request: HttpRequest, ledger: Ledger) -> HttpResponse:
    """The table as a file, written down; Rejected for a report that cannot be."""
    require(request.user, ledger.permission("export"))
    writer = writers.get(request.GET.get("format", "xlsx"))
    if writer is None:
        raise Missing
    form = ReportForm(ledger, request.user, request.GET)
    if not form.is_valid():
        raise Rejected({"": "请先选择按什么统计"})
    report = form.report(ledger, request.user, request.GET, "export")
    rows = cells([*report.lines(), report.total()], len(report.by))
    actor = Actor.of(request)
    title = f"{ledger.title}统计"
    log(actor, "export", None, title=title, after={"rows": len(rows), "query": request.GET.urlencode()})
    note = f"导出人：{actor.name}，{clock.now().astimezone(clock.zone()):%Y-%m-%d %H:%M}"
    response = HttpResponse(writer.write(title, heads(report), rows, note), content_type=writer.content_type)
    name = f"{title}-{clock.today():%Y%m%d}.{writer.code}"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "private, no-store"
    return response
