"""Ledgers of inspection tasks: the tracking list, and what was not carried out as required (D01.6-D01.11, D11.7)."""

from typing import Any

from django.db.models import Q
from django.urls import reverse

from anlan.base.person_lists import person_list
from anlan.domains.safety.answered import answered
from anlan.domains.safety.checkers import DO
from anlan.domains.safety.gathering import findings_of
from anlan.domains.safety.inspecting import open_sheet
from anlan.domains.safety.inspection import ISSUE, InspectionTask
from anlan.domains.safety.inspection_forms import ReasonForm, ReturnForm, TaskForm, UrgeForm
from anlan.domains.safety.inspection_registers import SCHOOL, WATCHERS
from anlan.domains.safety.task_changes import change_task
from anlan.engines.archives.api import archives
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, act, block, computed, ledger
from anlan.engines.tasks.api import (
    Stage,
    accept,
    cancel_assignment,
    overdue_condition,
    return_,
    urge_assignment,
)

LIVE_SECONDS = 8


def awaits_acceptance(task: InspectionTask) -> bool:
    """Issued and not yet accepted."""
    return task.state == Stage.PENDING and task.accepted_at is None


def is_open(task: InspectionTask) -> bool:
    """Still to be done."""
    return task.open


def is_completed(task: InspectionTask) -> bool:
    """Handed in."""
    return task.state == Stage.COMPLETED


class TaskLedger(Ledger):
    """What the lists of tasks share."""

    model = InspectionTask
    readonly = True
    filters = "org assignee state due_at submitted_at round__plan round__plan__mode round__plan__mode__source"
    search = "round__plan__title org__name assignee__name"
    words = {
        "round__plan": "计划",
        "round__plan__mode": "模式",
        "round__plan__mode__source": "巡查类型",
        "assignee": "巡查员",
        "submitted_at": "完成时间",
    }
    live = LIVE_SECONDS
    marks = {
        "overdue": overdue_condition,
        "late": lambda: Q(late=True, state=Stage.COMPLETED),
        "planned": lambda: ~Q(state=Stage.CANCELLED),
        "open": lambda: Q(state__in=(Stage.PENDING, Stage.DOING)),
    }

    @computed("任务", needs="round__plan__mode")
    def name(self, row: InspectionTask) -> str:
        """The plan's name."""
        return row.round.plan.title

    @computed("状态", "chip")
    def stand(self, row: InspectionTask) -> tuple[str, str]:
        """State, with lateness and acceptance as marks beside it."""
        if row.overdue:
            return "late", f"{row.state_title}（逾期）"
        if row.late and row.state == Stage.COMPLETED:
            return "done", f"{row.state_title}（逾期提交）"
        if row.state == Stage.PENDING and row.accepted_at:
            return "todo", f"{row.state_title}（已接收）"
        if row.returned:
            return "back", f"{row.state_title}（退回补查）"
        return row.tone, row.state_title

    @computed("说明", "meta", needs="form_version")
    def about(self, row: InspectionTask) -> str:
        """What is to be checked: the plan's own words, or the form and the mode."""
        form = row.form_version.title if row.form_version else "没有检查表"
        return row.round.plan.note or f"{form}，{row.round.plan.mode}"

    @computed("检查时间", "moment", sort="submitted_at")
    def checked_at(self, row: InspectionTask) -> Any:
        """When it was carried out, or begun."""
        return row.submitted_at or row.started_at

    @computed("逾期天数", "number")
    def late_by(self, row: InspectionTask) -> int:
        """Days past the deadline, begun ones counted."""
        return row.days_late


@ledger
class Inspections(TaskLedger):
    """Tasks with school, form, inspector, times, findings and hazards; inspectors see their own."""

    code = "safety.inspections"
    title, noun, icon = "巡查任务", "任务", "clipboard-check"
    area, group, order = "safety", "日常", 15
    columns = "name stand org checked_at due_at about assignee round__plan__mode submitted_at"
    facts = "name about org assignee stand due_at accepted_at accepted_by started_at submitted_at submitted_by returns return_reason"  # noqa: E501
    views = {
        "待我处理": "mine=1&open=1",
        "逾期": "overdue=1",
        "待完成": "state=pending",
        "执行中": "state=doing",
        "已完成": "state=completed",
    }
    whose = "assignee__person"
    roles = {
        "view": f"{WATCHERS} {SCHOOL}",
        "view.own": "inspector staff guard",
        "export": f"{WATCHERS} {SCHOOL}",
        "export.own": "inspector",
    }

    @act("接收任务", "safety.inspections.submit", when=awaits_acceptance, above=True, own=True, icon="check")
    def take(self, actor: Actor, record: InspectionTask, values: dict[str, Any]) -> None:
        """Sign for it."""
        accept(actor, record)

    @act("在本机填写", DO, when=is_open, above=True, own=True, icon="edit")
    def fill(self, actor: Actor, record: InspectionTask, values: dict[str, Any]) -> str:
        """Open the sheet in the browser; accepts and starts the task."""
        return reverse("forms-response", args=[open_sheet(actor, record).uid])

    @act("修改任务", ISSUE, form=TaskForm, when=is_open, icon="edit")
    def amend(self, actor: Actor, record: InspectionTask, values: dict[str, Any]) -> None:
        """Another inspector, deadline or form."""
        change_task(actor, record, values)

    @act("催办", ISSUE, form=UrgeForm, when=is_open, icon="bell")
    def urge(self, actor: Actor, record: InspectionTask, values: dict[str, Any]) -> None:
        """Remind the inspector."""
        urge_assignment(actor, record, values["note"])

    @act("退回补查", ISSUE, form=ReturnForm, when=is_completed, icon="arrow-back-up")
    def send_back(self, actor: Actor, record: InspectionTask, values: dict[str, Any]) -> None:
        """Open it again with a reason."""
        return_(actor, record, values["reason"], values["due_at"])

    @act(
        "删除任务",
        ISSUE,
        form=ReasonForm,
        when=is_open,
        icon="x",
        kind="danger",
        effect="任务从巡查员处撤回，留有记录",
    )
    def take_back(self, actor: Actor, record: InspectionTask, values: dict[str, Any]) -> None:
        """Take it back; one that was handed in stays."""
        cancel_assignment(actor, record, values["reason"])

    @block("检查发现", "safety/findings.html")
    def found(self, request: Any, record: InspectionTask) -> dict[str, Any] | None:
        """Every finding and where it stands."""
        findings = findings_of(record)
        return {"findings": findings} if findings else None

    @block("检查结果", "safety/answers.html")
    def answers(self, request: Any, record: InspectionTask) -> dict[str, Any]:
        """The filled-in form in the version the task was issued with; the way in for the inspector."""
        fill = f"{reverse('safety-field')}#/task/{record.pk}"
        return {
            "task": record,
            "rows": answered(record),
            "location": record.response.location if record.response else None,
            "fill": fill if record.open and record.assignee == request.user else "",
        }


archives("safety.inspections", "inspection", "completed cancelled", "findings response response__answers")
person_list("task", "safety.inspections", "巡查任务（已完成）", "state=completed")
person_list("task", "safety.inspections", "巡查任务（未完成）", "open=1")
person_list("late", "safety.inspections", "巡查任务（逾期未完成）", "overdue=1")
person_list("late", "safety.inspections", "巡查任务（逾期提交）", "late=1")
