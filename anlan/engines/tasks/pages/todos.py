"""The to-do centre: everything that awaits the person, late first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from anlan.engines.org.api import OrgUnit
from anlan.engines.tasks.badges import badges_of, matter_title
from anlan.engines.tasks.todos import Todo, todos_for
from anlan.kernel import clock
from anlan.shell.listing import whole_number
from anlan.shell.parts import Choice, Filter, Task, TaskGroup
from anlan.shell.responses import render_block
from anlan.shell.tables import numbered_pages

PER_PAGE = 100


@dataclass(frozen=True)
class Spans:
    """Where today and this week end."""

    now: datetime
    today: datetime
    week: datetime

    @classmethod
    def here(cls) -> "Spans":
        """As of now, in the site's time zone; the week ends on Sunday."""
        day = clock.today()
        midnight = datetime.combine(day + timedelta(days=1), time(0), clock.zone())
        return cls(clock.now(), midnight, midnight + timedelta(days=6 - day.weekday()))

    def of(self, due_at: datetime | None) -> str:
        """Code of the group a deadline belongs to."""
        if due_at is None or due_at >= self.week:
            return "later"
        if due_at < self.now:
            return "late"
        return "today" if due_at < self.today else "week"

    def condition(self, code: str) -> Q:
        """The same as a condition on ``due_at``."""
        edges = {
            "late": Q(due_at__lt=self.now),
            "today": Q(due_at__gte=self.now, due_at__lt=self.today),
            "week": Q(due_at__gte=self.today, due_at__lt=self.week),
            "later": Q(due_at__gte=self.week) | Q(due_at=None),
        }
        return edges[code]


GROUPS = {
    "late": ("已逾期", "late"),
    "today": ("今日到期", "todo"),
    "week": ("本周", ""),
    "later": ("以后", ""),
}


def grouped(rows: Sequence[Todo]) -> list[TaskGroup]:
    """To-dos as groups of the queue component; empty groups are left out."""
    spans = Spans.here()
    found: dict[str, list[Task]] = {code: [] for code in GROUPS}
    for todo in rows:
        found[spans.of(todo.due_at)].append(as_task(todo))
    return [TaskGroup(GROUPS[code][0], tasks, GROUPS[code][1]) for code, tasks in found.items() if tasks]


def as_task(todo: Todo) -> Task:
    """A to-do as a row of the queue."""
    return Task(
        todo.title,
        todo.url,
        unit=str(todo.org),
        kind=matter_title(todo.model),
        deadline=todo.due_at,
        verb=todo.verb,
    )


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
        "groups": grouped(shown),
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


def choice_filter(request: HttpRequest, name: str, label: str, options: list[tuple[str, str]]) -> Filter:
    """A single-choice filter whose state is read from the address."""
    chosen = request.GET.get(name, "")
    choices = [Choice(value, text, checked=value == chosen) for value, text in options]
    return Filter(name, label, choices, dict(options).get(chosen, ""), multiple=False)
