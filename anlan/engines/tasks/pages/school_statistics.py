"""Figures of school tasks by person, unit, kind and month; each number leads to the list behind it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from anlan.engines.tasks.assignments import OPEN, Stage
from anlan.engines.tasks.pages.finding import NAMES, Question, filters, found_tasks, tally, visible_tasks
from anlan.engines.tasks.school_tasks import SchoolTask
from anlan.kernel import clock
from anlan.kernel.numbers import percent_text, share
from anlan.shell.parts import Stat, View
from anlan.shell.responses import render_block
from anlan.shell.rows import Column, compile_rows
from anlan.shell.tables import Table, address, heads

GROUPS = {"person": "按人员", "unit": "按单位", "kind": "按类别", "month": "按月份"}


@dataclass
class Line:
    """Figures of one person, unit, kind or month."""

    label: str
    url: str = ""
    total: int = 0
    completed: int = 0
    punctual: int = 0
    late: int = 0
    overdue: int = 0
    returned: int = 0

    def add(self, task: SchoolTask) -> None:
        """Count one task."""
        done = task.state == Stage.COMPLETED
        self.total += 1
        self.completed += done
        self.punctual += done and not task.late
        self.late += done and task.late
        self.overdue += task.state in OPEN and task.due_at < clock.now()
        self.returned += task.returns > 0

    @property
    def completion(self) -> str:
        """Completed of all."""
        return percent_text(share(self.completed, self.total))

    @property
    def punctuality(self) -> str:
        """In time of completed."""
        return percent_text(share(self.punctual, self.completed))


def _key(task: SchoolTask, by: str) -> tuple[str, dict[str, Any]]:
    if by == "unit":
        return str(task.org), {"q": task.org.name}
    if by == "kind":
        return task.plan.get_kind_display(), {"kind": task.plan.kind}
    if by == "month":
        return f"{task.due_at.astimezone(clock.zone()):%Y-%m}", {}
    return str(task.assignee or "未指定到人"), {"who": task.assignee_id or 0}


def lines(tasks: Any, by: str, kept: dict[str, str]) -> list[Line]:
    """Figures by group; cancelled tasks are left out, tasks passed on count for the person in charge now."""
    found: dict[str, Line] = {}
    for task in tasks:
        if task.state == Stage.CANCELLED:
            continue
        label, narrower = _key(task, by)
        url = f"{reverse('tasks.school_tasks:list')}?{urlencode(kept | narrower)}" if narrower else ""
        found.setdefault(label, Line(label, url)).add(task)
    return sorted(found.values(), key=lambda line: (-line.total, line.label))


def _brief(line: Line) -> str:
    """The figures in one line, for phones, where a table has no heads."""
    words = f"任务 {line.total}，完成 {line.completed}，逾期未交 {line.overdue}，按时率 {line.punctuality}"
    return format_html('<span class="al-only-m">{}</span>', words)


COLUMNS = (
    Column("label", "分组", "title", note=_brief),
    Column("total", "任务", "number", on_phone="hide"),
    Column("completed", "已完成", "number", on_phone="hide"),
    Column("completion", "完成率", "text", on_phone="hide"),
    Column("punctuality", "按时率", "text", on_phone="hide"),
    Column("late", "逾期提交", "number", on_phone="hide"),
    Column("overdue", "逾期未交", "number", on_phone="hide"),
    Column("returned", "被退回", "number", on_phone="hide"),
)


@require_GET
def statistics(request: HttpRequest) -> HttpResponse:
    """The page."""
    by = request.GET.get("by", "person")
    by = by if by in GROUPS else "person"
    rows, asked = found_tasks(request), Question.of(request)
    kept = {name: request.GET[name] for name in NAMES if request.GET.get(name)}
    figures = tally(rows)
    counted = lines(rows, by, kept)
    body = compile_rows(COLUMNS, None if by == "month" else lambda line: line.url)(counted)
    context = {
        "title": "任务统计",
        "lede": f"共 {figures['total']} 项任务，完成 {figures['completed']} 项。",
        "stats": _stats(figures, kept),
        "choices": [
            View(title, address(request, by=code), current=code == by) for code, title in GROUPS.items()
        ],
        "table": Table(GROUPS[by], heads(request, COLUMNS, ""), body),
        "filters": filters(request, visible_tasks(request.user)),
        "q": asked.q,
        "keep": [("by", by)],
    }
    return render_block(request, "tasks/school_statistics.html", "rows", context)


def _stats(figures: dict[str, int], kept: dict[str, str]) -> list[Stat]:
    def link(**more: str) -> str:
        return f"{reverse('tasks.school_tasks:list')}?{urlencode(kept | more)}"

    punctual = share(Decimal(figures["punctual"]), figures["completed"])
    return [
        Stat("任务", str(figures["total"]), link(), "项"),
        Stat("已完成", str(figures["completed"]), link(state="completed"), "项"),
        Stat("按时率", percent_text(punctual)),
        Stat("逾期未交", str(figures["overdue"]), link(state="late"), "项", tone="late"),
    ]
