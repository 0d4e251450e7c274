"""The to-do centre: everything that awaits the person, late first."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from anlan.engines.org.api import OrgUnit
from anlan.engines.tasks.badges import badges_of, matter_title
from anlan.engines.tasks.queueing import GROUPS, Spans, grouped
from anlan.engines.tasks.todos import todos_for
from anlan.shell.listing import choice_filter, whole_number
from anlan.shell.parts import Filter
from anlan.shell.responses import render_block
from anlan.shell.tables import numbered_pages

PER_PAGE = 100


@require_GET
def todo_list(request: HttpRequest) -> HttpResponse:
    """The list, filtered by matter, school, deadline and text."""
    counted = badges_of(request)
    everything = todos_for(request.user).select_related("org")
    rows = _filtered(request, everything)
    paginator = Paginator(rows, PER_PAGE)
    page = paginator.get_page(whole_number(request.GET.get("page"), 1))
    shown = list(page.object_list)
    context = {
        "title": "待办",
        "lede": _lede(counted.total, counted.late),
        "groups": grouped(shown, rows),
        "filters": _filters(request, counted.by_model, everything),
        "q": request.GET.get("q", ""),
        "set_count": sum(bool(request.GET.get(name)) for name in ("matter", "unit", "due")),
        "page": numbered_pages(request, page.number, PER_PAGE, paginator.count, len(shown)),
        "paged": paginator.num_pages > 1,
        "any": counted.total > 0,
    }
    return render_block(request, "tasks/todos.html", "rows", context)


def _lede(total: int, late: int) -> str:
    if not total:
        return "没有待办，都办完了。"
    return f"共 {total} 项待办，其中 {late} 项已逾期。" if late else f"共 {total} 项待办，没有逾期。"


def _filtered(request: HttpRequest, rows: Any) -> Any:
    matter, unit, due = (request.GET.get(name, "") for name in ("matter", "unit", "due"))
    if matter:
        rows = rows.filter(model=matter)
    if unit:
        rows = rows.filter(org=whole_number(unit, 0))
    if due in GROUPS:
        rows = rows.filter(Spans.here().condition(due))
    if q := request.GET.get("q", "").strip():
        rows = rows.filter(Q(title__icontains=q) | Q(org__name__icontains=q))
    return rows


def _filters(request: HttpRequest, by_model: dict[str, int], rows: Any) -> list[Filter]:
    matters = [(model, f"{matter_title(model)}（{number}）") for model, number in sorted(by_model.items())]
    ids = rows.order_by().values_list("org", flat=True).distinct()
    units = [(str(unit.pk), str(unit)) for unit in OrgUnit.objects.filter(pk__in=ids)[:200]]
    dues = [(code, words[0]) for code, words in GROUPS.items()]
    wanted = (("matter", "事项", matters), ("unit", "单位", units), ("due", "期限", dues))
    return [choice_filter(request, *one) for one in wanted]
