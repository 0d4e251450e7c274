"""Tasks not carried out as required: late, missed or incomplete (D01.6)."""

from typing import Any

from django.db.models import Q

from anlan.domains.safety.inspection import InspectionTask
from anlan.domains.safety.inspection_registers import SCHOOL, WATCHERS
from anlan.domains.safety.task_registers import TaskLedger
from anlan.engines.registry.api import computed, ledger
from anlan.engines.tasks.api import Stage, not_as_required


@ledger
class Lapses(TaskLedger):
    """Tasks late, missed or incomplete, with school, inspector and days late (D01.6)."""

    code = "safety.lapses"
    title, noun, icon = "未按要求完成", "任务", "clock"
    area, group, order = "safety", "日常", 16
    columns = "name lapse org assignee late_by due_at submitted_at round__plan__mode"
    sort = "-due_at"
    views = {"逾期未交": "overdue=1", "逾期提交": "late=1"}
    roles = {
        "view": f"{WATCHERS} {SCHOOL}",
        "view.own": "inspector staff guard",
        "export": f"{WATCHERS} {SCHOOL}",
    }

    def refine(self, rows: Any) -> Any:
        """Late, missed, or sent back as incomplete and not yet handed in again."""
        return rows.filter(not_as_required() | Q(state=Stage.DOING, returns__gt=0))

    @computed("情形", "chip")
    def lapse(self, row: InspectionTask) -> tuple[str, str]:
        """What was not as required."""
        if row.state == Stage.COMPLETED:
            return "todo", "逾期提交"
        if row.returned:
            return "back", "退回未补"
        return ("late", "逾期未交") if row.started_at else ("late", "未检查")
