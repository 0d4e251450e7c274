"""The page of one school task: what is asked, what was reported, what happened, and the next step."""

from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_GET

from anlan.engines.audit.api import AuditEntry
from anlan.engines.files.api import attachments_of
from anlan.engines.messaging.api import urges_of
from anlan.engines.tasks.assignments import Stage
from anlan.engines.tasks.pages.finding import visible_tasks
from anlan.engines.tasks.pages.school_list import TITLE, chip_of, person_of
from anlan.engines.tasks.pages.turns import turn_of
from anlan.engines.tasks.school_tasks import ANNEX, PHOTOS, Evidence, SchoolTask
from anlan.engines.tasks.splitting import rolled_up
from anlan.engines.tasks.traces import Extension, Report, Transfer, traces
from anlan.shell import parts
from anlan.shell.deadlines import moment_words

ACTS = {
    "task:assign": ("下达", "todo"),
    "task:split": ("分办", "todo"),
    "task:accept": ("接收", "doing"),
    "task:start": ("开始执行", "doing"),
    "task:submit": ("提交", "done"),
    "task:return": ("退回", "back"),
    "task:transfer": ("转办", "review"),
    "task:extend_asked": ("申请延期", "review"),
    "task:extend": ("同意延期", "doing"),
    "task:extend_refused": ("不同意延期", "back"),
    "task:cancel": ("取消", "idle"),
    "urge": ("催办", "todo"),
}
HOW = {"phone": "手机", "system": "系统", "api": "接口", "import": "导入"}


@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The page."""
    task = visible_tasks(request.user).one(pk=pk)
    tone, state = chip_of(task)
    photos = attachments_of(task, PHOTOS)
    context = {
        "title": str(task),
        "crumbs": [parts.Crumb(TITLE, reverse("tasks.school_tasks:list")), parts.Crumb(str(task))],
        "tone": tone,
        "state": state,
        "subtitle": f"{task.org} · {task.plan.get_kind_display()}",
        "stages": _stages(task),
        "banners": _banners(task),
        "sections": _sections(task),
        "events": _events(task),
        "holder": "" if not task.open else f"{person_of(task)}负责，{moment_words(task.due_at)}前完成",
        "photos": [parts.Photo(row.address("thumb"), row.name, full=row.address()) for row in photos],
        **turn_of(request, task),
    }
    return render(request, "shell/record.html", context)


def _stages(task: SchoolTask) -> list[parts.Stage]:
    order = [Stage.PENDING, Stage.DOING, Stage.COMPLETED]
    if task.state not in order:
        return []
    here = order.index(Stage(task.state))
    when = [task.accepted_at, task.started_at, task.submitted_at]
    who = [task.accepted_by, task.assignee or task.accepted_by, task.submitted_by]
    return [
        parts.Stage(
            str(stage.label),
            "past" if n < here or task.state == Stage.COMPLETED else "now" if n == here else "",
            moment_words(at) if at and n <= here else "",
            str(who[n]) if at and n <= here else "",
        )
        for n, (stage, at) in enumerate(zip(order, when, strict=True))
    ]


def _banners(task: SchoolTask) -> list[dict[str, str]]:
    found = []
    if task.overdue:
        found.append({"tone": "late", "strong": f"逾期 {task.days_late} 天", "text": "请尽快办理。"})
    if task.returned:
        found.append({"tone": "back", "strong": "已退回", "text": task.return_reason})
    if any(row.circle for row in traces(Transfer, task)):
        found.append({"tone": "todo", "strong": "循环转办", "text": "任务在几个人之间来回转过。"})
    if task.late and not task.open:
        found.append({"tone": "todo", "strong": "逾期提交", "text": f"晚了 {task.days_late} 天。"})
    return found


def _sections(task: SchoolTask) -> list[dict[str, Any]]:
    plan = task.plan
    wanted = "、".join(str(Evidence(name).label) for name in plan.evidence)
    helpers = "、".join(str(user) for user in plan.assistants.all())
    asked = [
        parts.Fact("来源", str(plan.org)),
        parts.Fact("负责", person_of(task)),
        parts.Fact("期限", moment_words(task.due_at)),
        parts.Fact("协助", helpers),
        parts.Fact("地点", plan.place),
        parts.Fact("反馈要求", wanted or "无"),
        parts.Fact("检查项", "、".join(plan.checklist), wide=True),
        parts.Fact("内容", plan.content, wide=True),
    ]
    facts = [fact for fact in asked if fact.value]
    found: list[dict[str, Any]] = [{"title": "任务要求", "id": "asked", "facts": facts}]
    if annexes := attachments_of(plan, ANNEX):
        found.append(_html("附件", "annexes", "tasks/annexes.html", {"files": annexes}))
    found += [_report_section(report) for report in traces(Report, task)]
    if below := rolled_up(task):
        found.append(_html("分办情况", "parts", "tasks/parts.html", {"rows": below}))
    if passed := list(traces(Transfer, task).select_related("source", "target")):
        found.append(_html("转办记录", "transfers", "tasks/transfers.html", {"rows": passed}))
    if longer := list(traces(Extension, task)):
        found.append(_html("延期申请", "extensions", "tasks/extensions.html", {"rows": longer}))
    if urged := list(urges_of(task)):
        found.append(_html("催办记录", "urges", "tasks/urges.html", {"rows": urged}))
    return found


def _html(title: str, code: str, template: str, context: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "id": code, "html": render_to_string(template, context)}


def _report_section(report: Report) -> dict[str, Any]:
    said = report.values
    answers = "、".join(f"{item}：{answer}" for item, answer in said.get("checklist", {}).items())
    facts = [
        parts.Fact(
            "提交", f"{report.by or '系统'} {moment_words(report.at)}{'（逾期）' if report.late else ''}"
        ),
        parts.Fact("地点", said.get("place", "")),
        parts.Fact("签名", said.get("signature", "")),
        parts.Fact("检查结果", answers, wide=True),
        parts.Fact("文字说明", said.get("text", ""), wide=True),
    ]
    filled = [fact for fact in facts if fact.value]
    return {"title": f"第 {report.number} 次反馈", "id": f"report-{report.number}", "facts": filled}


def _events(task: Model) -> list[parts.Event]:
    rows = AuditEntry.objects.filter(
        model=task._meta.label_lower, object_id=str(task.pk), action__in=ACTS, succeeded=True
    )
    return [
        parts.Event(
            ACTS[row.action][0], row.actor, row.at, row.reason, HOW.get(row.channel, ""), ACTS[row.action][1]
        )
        for row in rows.order_by("-pk")
    ]
