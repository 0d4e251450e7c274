"""Ledgers of inspection modes and plans (D01.4, D01.5, D01.6, SAF.05)."""

from typing import Any

from django.db.models import Count, Q

from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.inspection import ISSUE, InspectionPlan, InspectionTask
from anlan.domains.safety.inspection_forms import ReasonForm
from anlan.domains.safety.inspection_modes import InspectionMode
from anlan.domains.safety.planning import activate_plan
from anlan.engines.archives.api import archives
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import Kind, right_holders, role_titles
from anlan.engines.registry.api import Ledger, act, block, computed, ledger
from anlan.engines.tasks.api import Stage, cancel_plan

BUREAU = "bureau_safety team_admin"
WATCHERS = f"{BUREAU} bureau_leader bureau_viewer upper_safety township_officer"
SCHOOL = "school_safety school_head school_contact"
PLAN_TONES = {"draft": "idle", "active": "doing", "ended": "done", "cancelled": "idle"}


def is_draft(plan: InspectionPlan) -> bool:
    """Not yet issued."""
    return plan.state == InspectionPlan.State.DRAFT


def is_active(plan: InspectionPlan) -> bool:
    """Issued and not ended."""
    return plan.state == InspectionPlan.State.ACTIVE


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
    facts = "title source usable carried_by photos needs_location needs_signature raises_hazards category disabled org"
    sections = {
        "叫什么": "org title source disabled",
        "用哪些表，谁来查": "forms roles",
        "要哪些凭据": "photos needs_location needs_signature",
        "不合格怎么办": "raises_hazards category",
    }
    example = {"title": "日常巡查"}
    roles = {
        "view": f"{WATCHERS} inspector {SCHOOL}",
        "add": BUREAU,
        "edit": BUREAU,
        "archive": BUREAU,
        "export": BUREAU,
    }

    @computed("可用检查表")
    def usable(self, row: InspectionMode) -> str:
        """The forms, or that all may be used."""
        return "、".join(str(form) for form in row.forms.all()) or "不限"

    @computed("可承担的角色")
    def carried_by(self, row: InspectionMode) -> str:
        """The roles, or that everybody entitled may carry it out."""
        return role_titles(row.roles) or "不限"


@ledger
class InspectionPlans(Ledger):
    """Plans with their period, form, inspectors and schools."""

    code = "safety.inspection_plans"
    model = InspectionPlan
    title, noun, icon = "巡查计划", "计划", "calendar-time"
    area, group, order = "safety", "日常", 10
    columns = "title progress stand mode form org starts_on ends_on repeat"
    filters = "org mode category state"
    search = "title note"
    facts = "title state progress mode category form org starts_on ends_on repeat deadline_days deadline_time remind_hours note inspectors"  # noqa: E501
    views = {"进行中": "state=active", "草稿": "state=draft", "已结束": "state=ended"}
    sections = {
        "查什么": "org title mode category form note",
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

    @computed("状态", "chip", sort="state")
    def stand(self, row: InspectionPlan) -> tuple[str, str]:
        """Draft, under way, ended or withdrawn."""
        return PLAN_TONES[row.state], row.get_state_display()

    @act("下发计划", ISSUE, icon="speakerphone", kind="primary", when=is_draft, effect="巡查员会收到任务")
    def issue(self, actor: Actor, record: InspectionPlan, values: dict[str, Any]) -> None:
        """Make the first rounds."""
        activate_plan(actor, record)

    @act(
        "取消计划",
        ISSUE,
        form=ReasonForm,
        icon="x",
        kind="danger",
        when=is_active,
        effect="未完成的任务会一并撤回，已完成的保留",
    )
    def withdraw(self, actor: Actor, record: InspectionPlan, values: dict[str, Any]) -> None:
        """Take it back with its open tasks."""
        cancel_plan(actor, record, values["reason"])

    def refine(self, rows: Any) -> Any:
        """Plans with the number of their tasks, and of those done."""
        counted = ~Q(rounds__assignments__state=Stage.CANCELLED)
        done = Q(rounds__assignments__state=Stage.COMPLETED)
        return rows.annotate(
            planned_tasks=Count("rounds__assignments", filter=counted),
            done_tasks=Count("rounds__assignments", filter=done),
        )

    @computed("进度")
    def progress(self, row: Any) -> str:
        """How many tasks of those issued so far are done."""
        return f"{row.done_tasks} / {row.planned_tasks}" if row.planned_tasks else "未下发"

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


archives("safety.inspection_plans", "plan", "ended cancelled")
