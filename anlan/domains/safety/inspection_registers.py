"""Ledgers of inspection: modes, plans, and the tasks with their findings (D01.4, D01.5, D01.9, D01.11)."""

from typing import Any

from django.db.models import Q
from django.urls import reverse

from anlan.domains.safety.findings import hazards_of
from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.inspection import ISSUE, InspectionMode, InspectionPlan, InspectionTask
from anlan.domains.safety.planning import activate_plan
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import Kind, right_holders
from anlan.engines.registry.api import Ledger, act, block, computed, ledger
from anlan.engines.tasks.api import Stage, accept, cancel_plan

BUREAU = "bureau_safety team_admin"
WATCHERS = f"{BUREAU} bureau_leader bureau_viewer upper_safety township_officer"
SCHOOL = "school_safety school_head school_contact"


def is_draft(plan: InspectionPlan) -> bool:
    """Not yet issued."""
    return plan.state == InspectionPlan.State.DRAFT


def is_active(plan: InspectionPlan) -> bool:
    """Issued and not ended."""
    return plan.state == InspectionPlan.State.ACTIVE


def awaits_acceptance(task: InspectionTask) -> bool:
    """Issued and not yet accepted."""
    return task.state == Stage.PENDING and task.accepted_at is None


def who_inspect(rows: Any, user: Any) -> Any:
    """People who may fill in an inspection."""
    return rows.filter(pk__in=right_holders(InspectionTask.SUBMIT))


@ledger
class InspectionModes(Ledger):
    """Modes, laid down by the bureau; one in use is disabled, never deleted."""

    code = "safety.inspection_modes"
    model = InspectionMode
    title, noun, icon = "巡查模式", "模式", "settings"
    area, group, order = "safety", "设置", 940
    columns = "title source photos needs_location needs_signature raises_hazards disabled org"
    filters = "org source raises_hazards disabled"
    search = "title"
    key = "org title"
    example = {"title": "日常巡查"}
    roles = {
        "view": f"{WATCHERS} inspector {SCHOOL}",
        "add": BUREAU,
        "edit": BUREAU,
        "archive": BUREAU,
        "export": BUREAU,
    }


@ledger
class InspectionPlans(Ledger):
    """Plans with their period, form, inspectors and schools."""

    code = "safety.inspection_plans"
    model = InspectionPlan
    title, noun, icon = "巡查计划", "计划", "calendar-time"
    area, group, order = "safety", "日常", 10
    columns = "title mode form org state starts_on ends_on repeat"
    filters = "org mode state"
    search = "title"
    sections = {
        "查什么": "org title mode form",
        "什么时候": "starts_on ends_on repeat interval_days skip_holidays deadline_days deadline_time remind_hours",
        "谁去查哪些学校": "inspectors schools everybody",
    }
    example = {"title": "第一季度日常巡查"}
    while_in = {"edit": "draft"}
    choices = {"inspectors": who_inspect, "schools": Q(kind=Kind.SCHOOL)}
    roles = {
        "view": f"{WATCHERS} school_safety",
        "add": f"{BUREAU} school_safety",
        "edit": f"{BUREAU} school_safety",
        "export": WATCHERS,
    }

    def begin(self, user: Any) -> dict[str, Any]:
        """The own unit issues it."""
        return {"org": user.unit_id}

    @act("下发计划", ISSUE, icon="speakerphone", kind="primary", when=is_draft, effect="巡查员会收到任务")
    def issue(self, actor: Actor, record: InspectionPlan, values: dict[str, Any]) -> None:
        """Make the first rounds."""
        activate_plan(actor, record)

    @act("取消计划", ISSUE, icon="x", kind="danger", when=is_active, effect="未完成的任务会一并撤回")
    def withdraw(self, actor: Actor, record: InspectionPlan, values: dict[str, Any]) -> None:
        """Take it back with its open tasks."""
        cancel_plan(actor, record, "计划取消")

    @block("各轮任务", "safety/plan_tasks.html")
    def tasks(self, request: Any, record: InspectionPlan) -> dict[str, Any] | None:
        """Progress of every task of the plan."""
        rows = InspectionTask.objects.unscoped().filter(round__plan=record)
        tasks = list(rows.select_related("org", "assignee", "round")[:200])
        return {"tasks": tasks, "plan": record} if tasks else None

    @block("关注隐患", "safety/focus.html")
    def focus(self, request: Any, record: InspectionPlan) -> dict[str, Any] | None:
        """Open hazards of the chosen schools, so that inspectors can set priorities (D03.8)."""
        rows = Hazard.objects.unscoped().filter(
            org__in=record.schools.all(), reported_up=True, archived_at=None
        )
        hazards = list(rows.exclude(state="void").select_related("org")[:50])
        return {"hazards": hazards} if hazards else None


@ledger
class Inspections(Ledger):
    """Tasks with school, form, inspector, times, findings and hazards; inspectors see their own."""

    code = "safety.inspections"
    model = InspectionTask
    readonly = True
    title, noun, icon = "巡查任务", "任务", "clipboard-check"
    area, group, order = "safety", "日常", 15
    columns = "name org assignee stand due_at submitted_at round__plan__mode"
    filters = "org assignee state due_at submitted_at round__plan__mode__source"
    search = "round__plan__title org__name assignee__name"
    facts = "name org assignee stand due_at accepted_at started_at submitted_at returns return_reason"
    views = {"待我处理": "mine=1", "逾期": "overdue=1", "执行中": "state=doing", "已完成": "state=completed"}
    roles = {
        "view": f"{WATCHERS} {SCHOOL}",
        "view.own": "inspector staff guard",
        "export": f"{WATCHERS} {SCHOOL}",
        "export.own": "inspector",
    }

    @computed("任务", needs="round__plan")
    def name(self, row: InspectionTask) -> str:
        """The plan's name."""
        return row.round.plan.title

    @computed("状态", "chip")
    def stand(self, row: InspectionTask) -> tuple[str, str]:
        """State, with lateness and acceptance as marks beside it."""
        if row.overdue:
            return "late", f"{row.state_title}（逾期）"
        if row.late:
            return "done", f"{row.state_title}（逾期提交）"
        if row.state == Stage.PENDING and row.accepted_at:
            return "todo", f"{row.state_title}（已接收）"
        return row.tone, row.state_title

    @act("接收任务", "safety.inspections.submit", when=awaits_acceptance, above=True, icon="check")
    def take(self, actor: Actor, record: InspectionTask, values: dict[str, Any]) -> None:
        """Sign for it."""
        accept(actor, record)

    @block("检查结果", "safety/answers.html")
    def answers(self, request: Any, record: InspectionTask) -> dict[str, Any]:
        """The filled-in form with what became of each finding; the way in for the inspector."""
        fill = f"{reverse('safety-field')}#/task/{record.pk}"
        return {
            "task": record,
            "rows": answered(record),
            "hazards": hazards_of(record),
            "fill": fill if record.open and record.assignee == request.user else "",
        }


def answered(task: InspectionTask) -> list[dict[str, Any]]:
    """Question by question: wording, verdict, note, pictures, in the version the task was issued with."""
    if task.response is None or task.form_version is None:
        return []
    given = {answer.question: answer for answer in task.response.answers.all()}
    return [
        {"question": question, "answer": given.get(question.uid)}
        for question in task.form_version.form().questions()
    ]
