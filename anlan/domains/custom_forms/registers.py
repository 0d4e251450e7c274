"""The ledger of collections: where each school stands; schools fill in from here (D12.8)."""

from typing import Any

from anlan.domains.custom_forms.filling import open_sheet, send_back
from anlan.domains.custom_forms.forms_asked import ReasonForm, ReturnForm
from anlan.domains.custom_forms.plans import DUTY, FILLERS, ISSUE, ISSUERS, MARKS, Collection
from anlan.engines.archives.api import archives
from anlan.engines.audit.api import Actor
from anlan.engines.forms.api import sheet_of
from anlan.engines.registry.api import Ledger, act, block, computed, ledger
from anlan.engines.tasks.api import Report, Stage, cancel_assignment, traces, urge_assignment

BUREAU = " ".join(ISSUERS)
WATCHERS = f"{BUREAU} bureau_leader bureau_viewer township_officer upper_safety"
SCHOOL = " ".join(FILLERS)


def is_open(task: Collection) -> bool:
    """Not handed in yet, and not taken back."""
    return task.open


def may_fill(task: Collection) -> bool:
    """Still to be filled in, and taken."""
    return task.open and not task.closed


def is_done(task: Collection) -> bool:
    """Handed in."""
    return task.state == Stage.COMPLETED


@ledger
class Collections(Ledger):
    """What each school fills in."""

    code = "custom_forms.tasks"
    model = Collection
    readonly = True
    title, noun, icon = "填报任务", "份", "table"
    area, group, order = "collect", "填报", 20
    columns = "heading org stand due_at submitted_at by returns"
    facts = "heading org stand due_at submitted_at by returns return_reason note"
    filters = "org round__plan round state late due_at"
    search = "org__name round__plan__title"
    sort = "-due_at"
    photos = ""
    marks = MARKS
    views = {
        "未打开": "unopened=1",
        "填写中": "drafting=1",
        "已退回": "returned=1",
        "逾期未交": "overdue=1",
        "已提交": "state=completed",
        "逾期提交": "state=completed&late=1",
    }
    happenings = {
        "task:assign": "下发",
        "begin": "打开填报",
        "task:submit": "提交",
        "task:return": "退回",
        "task:cancel": "撤回",
        "urge": "催办",
    }
    roles = {"view": f"{WATCHERS} {SCHOOL}", "export": f"{WATCHERS} {SCHOOL}"}

    @act("填报", DUTY, icon="edit", kind="primary", when=may_fill, effect="打开表格填写，可以存草稿")
    def fill(self, actor: Actor, record: Collection, values: dict[str, Any]) -> str:
        """Go to the sheet."""
        return f"/forms/responses/{open_sheet(actor, record).uid}/"

    @act("催办", ISSUE, icon="bell", when=is_open, effect="学校负责填报的人马上收到提醒")
    def urge(self, actor: Actor, record: Collection, values: dict[str, Any]) -> None:
        """Remind the school."""
        urge_assignment(actor, record, "请尽快填报。")

    @act("退回", ISSUE, form=ReturnForm, icon="arrow-back-up", when=is_done)
    def send_back(self, actor: Actor, record: Collection, values: dict[str, Any]) -> None:
        """Back to the school with a reason."""
        send_back(actor, record, values["reason"], values["due_at"])

    @act("撤回这份", ISSUE, form=ReasonForm, icon="x", kind="danger", when=is_open)
    def withdraw(self, actor: Actor, record: Collection, values: dict[str, Any]) -> None:
        """This school need not fill it in any more."""
        cancel_assignment(actor, record, values["reason"])

    @computed("填报", needs="round__plan", sort="round__plan__title")
    def heading(self, row: Collection) -> str:
        """The plan and its round."""
        repeated = row.plan.repeat != "once"
        return f"{row.plan}（{row.round}）" if repeated else str(row.plan)

    @computed("状态", "chip", needs="round__plan")
    def stand(self, row: Collection) -> tuple[str, str]:
        """Unopened, draft, handed in, returned, late."""
        return row.standing

    @computed("提交人", "meta", needs="submitted_by", sort="submitted_by")
    def by(self, row: Collection) -> str:
        """Who handed it in."""
        return str(row.submitted_by or "未提交")

    @computed("填报要求", needs="round__plan")
    def note(self, row: Collection) -> str:
        """What the bureau said."""
        return row.plan.note

    @block("填报内容", "custom_forms/filled.html")
    def filled(self, request: Any, record: Collection) -> dict[str, Any] | None:
        """The sheet as handed in."""
        if record.response is None or record.response.is_open:
            return None
        return {"response": record.response, "count": len(sheet_of(record.response).questions)}

    @block("历次提交", "custom_forms/reports.html")
    def history(self, request: Any, record: Collection) -> dict[str, Any] | None:
        """Every version handed in; a later one does not erase the former."""
        rows = list(traces(Report, record))
        return {"rows": rows, "task": record} if rows else None


archives("custom_forms.tasks", "report", "completed cancelled", "response response__answers")
