"""The inspectors: who they are, what they hold now, what they have done (D01.12)."""

from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from anlan.base.people import phone_ends
from anlan.base.teams import TeamMember
from anlan.domains.safety.inspection import InspectionTask
from anlan.domains.safety.inspection_registers import WATCHERS
from anlan.domains.safety.task_registers import Inspections
from anlan.engines.analytics.api import Figure
from anlan.engines.registry.api import Ledger, block, computed, ledger, ledgers
from anlan.engines.tasks.api import Stage

SHOWN = 20
OPEN = Q(state__in=(Stage.PENDING, Stage.DOING))


def _number(condition: Q) -> Any:
    rows = InspectionTask.unguarded.filter(condition, assignee=OuterRef("person__account"), archived_at=None)
    return Coalesce(Subquery(rows.order_by().values("assignee").annotate(n=Count("pk")).values("n")), 0)


@ledger
class Inspectors(Ledger):
    """Members of the safety teams who check, found by name, digits of the phone, unit or linked school."""

    code = "safety.inspectors"
    model = TeamMember
    readonly = True
    title, noun, icon = "巡查人员", "人", "users"
    area, group, order = "safety", "日常", 65
    columns = "person__name person__phone person__duty person__org now done linked may_raise_hazards"
    facts = "person__name person__phone person__duty person__org org is_admin may_check may_raise_hazards schools archived_at"  # noqa: E501
    filters = "org may_check may_raise_hazards schools"
    search = "person__name person__pinyin person__initials person__org__name schools__name"
    words = {
        "person__name": "姓名",
        "person__phone": "手机号",
        "person__duty": "职务",
        "person__org": "单位",
        "archived_at": "退出小组",
        "org": "小组",
    }
    masked = {"person__phone": "phone"}
    sort = "pk"
    views = {"可开展检查": "may_check=1", "已退出": "archived=1"}
    roles = {"view": WATCHERS, "export": "bureau_safety team_admin", "unmask": "bureau_safety"}

    def seek(self, word: str) -> Q:
        """The last digits of a phone number find the person."""
        return phone_ends(word, "person__")

    def refine(self, rows: Any) -> Any:
        """Members with the numbers of their tasks and schools."""
        return rows.annotate(
            open_tasks=_number(OPEN),
            done_tasks=_number(Q(state=Stage.COMPLETED)),
            linked_schools=Count("schools"),
        )

    @computed("手上任务", "number")
    def now(self, row: TeamMember) -> int:
        """Tasks held now."""
        return int(row.open_tasks)  # type: ignore[attr-defined]

    @computed("完成任务", "number")
    def done(self, row: TeamMember) -> int:
        """Tasks handed in."""
        return int(row.done_tasks)  # type: ignore[attr-defined]

    @computed("关联学校", "number")
    def linked(self, row: TeamMember) -> int:
        """How many schools the person looks after."""
        return int(row.linked_schools)  # type: ignore[attr-defined]

    @block("检查工作", "safety/inspector.html")
    def work(self, request: HttpRequest, record: TeamMember) -> dict[str, Any] | None:
        """What the person holds and did, with the eyes of whoever looks; numbers open the task list."""
        account = record.person.account
        if account is None:
            return None
        tasks, whose = ledgers[Inspections.code], f"assignee={account.pk}"
        figures = (
            Figure("手上任务", tasks, f"{whose}&open=1", "项"),
            Figure("其中逾期", tasks, f"{whose}&overdue=1", "项"),
            Figure("完成任务", tasks, f"{whose}&state=completed", "项"),
        )
        rows = InspectionTask.objects.visible(request.user, "safety.inspections.view").filter(
            assignee=account, archived_at=None
        )
        rows = rows.select_related("org", "round__plan")
        return {
            "stats": [stat for one in figures if (stat := one.stat(request.user))],
            "current": rows.filter(OPEN).order_by("due_at")[:SHOWN],
            "past": rows.filter(state=Stage.COMPLETED).order_by("-submitted_at")[:SHOWN],
        }
