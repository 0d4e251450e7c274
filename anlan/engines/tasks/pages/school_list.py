"""The list of school tasks, live, with export of exactly what it shows."""

from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET
from xlsxwriter import Workbook

from anlan.engines.audit.api import Actor, log
from anlan.engines.org.api import may
from anlan.engines.tasks.pages.finding import (
    NAMES,
    STATES,
    Question,
    filters,
    found_tasks,
    tally,
    visible_tasks,
)
from anlan.engines.tasks.school_tasks import ISSUE, SchoolTask
from anlan.kernel import clock
from anlan.shell.listing import list_page
from anlan.shell.parts import Action, View
from anlan.shell.responses import is_partial
from anlan.shell.rows import Column

TITLE = "学校任务"
EXPORT_CAP = 5000


def chip_of(task: SchoolTask) -> tuple[str, str]:
    """State of the task as a chip; lateness and return are marks beside the state."""
    if task.overdue:
        return ("late", f"{task.state_title}·逾期")
    if task.returned:
        return ("back", f"{task.state_title}·退回")
    signed = task.state == "pending" and task.accepted_at
    late = "·逾期" if task.late else ""
    return (task.tone, f"{task.state_title}·已接收" if signed else f"{task.state_title}{late}")


def person_of(task: SchoolTask) -> str:
    """Who is in charge, in words."""
    if task.assignee:
        return str(task.assignee)
    return str(task.post) if task.post else "未指定"


COLUMNS = (
    Column("title", "任务", "title", value=str, note=lambda task: f"来自{task.source}"),
    Column("kind", "类别", "meta", value=lambda task: task.plan.get_kind_display(), on_phone="hide"),
    Column("org", "单位", "meta", on_phone="inline"),
    Column("person", "负责人", "meta", value=person_of, on_phone="inline"),
    Column("state", "状态", "chip", value=chip_of, on_phone="end"),
    Column("due_at", "期限", "due", closed=lambda task: not task.open, on_phone="inline"),
)


@require_GET
def task_list(request: HttpRequest) -> HttpResponse:
    """The list; it looks for changes by itself every 8 seconds while open."""
    seen, rows, asked = visible_tasks(request.user), found_tasks(request), Question.of(request)
    figures = tally(rows)
    left = figures["total"] - figures["completed"]
    late = f"，其中 {figures['overdue']} 项逾期" if figures["overdue"] else ""
    keep = [(name, request.GET[name]) for name in NAMES if request.GET.get(name)]
    actions = [Action("导出", f"{reverse('tasks.school_tasks:export')}?{urlencode(keep)}", icon="download")]
    if may(request.user, ISSUE):
        actions.append(Action("发布任务", reverse("tasks.school_tasks:new"), "primary", "plus"))
    return list_page(
        request,
        TITLE,
        rows,
        COLUMNS,
        link=SchoolTask.get_absolute_url,
        template="shell/list.html" if is_partial(request) else "tasks/school_list.html",
        lede=f"共 {figures['total']} 项任务，{left} 项未完成{late}。",
        views=_views(asked.state),
        filters=filters(request, seen),
        set_count=sum(bool(v) for v in (asked.kind, asked.state, asked.source, asked.who, asked.first)),
        q=asked.q,
        q_hint="搜任务或单位",
        actions=actions,
        empty={"title": "没有任务", "text": "上级下达或校内安排的任务会出现在这里。", "art": "sun"},
    )


def _views(state: str) -> list[View]:
    here = reverse("tasks.school_tasks:list")
    shown = ("pending", "doing", "completed", "failed")
    return [
        View("全部", here, current=not state),
        *(View(STATES[code], f"{here}?state={code}", current=state == code) for code in shown),
    ]


EXPORTED = ("任务", "来源", "类别", "单位", "负责人", "状态", "期限", "提交时间", "逾期天数", "退回次数")


def _cells(task: SchoolTask) -> tuple[Any, ...]:
    return (
        str(task),
        str(task.source),
        task.plan.get_kind_display(),
        str(task.org),
        person_of(task),
        task.state_title,
        _shown(task.due_at),
        _shown(task.submitted_at),
        task.days_late if task.open or task.late else 0,
        task.returns,
    )


def _shown(moment: Any) -> str:
    return moment.astimezone(clock.zone()).strftime("%Y-%m-%d %H:%M") if moment else ""


@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The rows of the list, as a spreadsheet; logged."""
    rows = list(found_tasks(request)[:EXPORT_CAP])
    out = BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("任务")
        sheet.write_row(0, 0, EXPORTED)
        for number, task in enumerate(rows, 1):
            sheet.write_row(number, 0, _cells(task))
    log(Actor.of(request), "export", title=TITLE, after={"rows": len(rows)})
    answer = HttpResponse(out.getvalue(), content_type=SPREADSHEET)
    answer["Content-Disposition"] = f'attachment; filename="tasks-{clock.today():%Y%m%d}.xlsx"'
    return answer


SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
