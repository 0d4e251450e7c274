"""The ledger of what a bureau collects: issue, progress, urge, sum, export, take back (D12.8)."""

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse

from anlan.domains.custom_forms.exporting import start_export
from anlan.domains.custom_forms.filling import choose, issue, urge_open
from anlan.domains.custom_forms.forms_asked import ReasonForm, SchoolsForm
from anlan.domains.custom_forms.plans import ISSUE, MARKS, Collection, CollectionPlan
from anlan.domains.custom_forms.registers import BUREAU, WATCHERS
from anlan.engines.archives.api import archives
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, act, block, computed, ledger
from anlan.engines.tasks.api import cancel_plan

STANDINGS = (
    ("应填", "asked=1"),
    ("已提交", "state=completed"),
    ("未打开", "unopened=1"),
    ("填写中", "drafting=1"),
    ("已退回", "returned=1"),
    ("逾期未交", "overdue=1"),
    ("逾期提交", "state=completed&late=1"),
)
ALWAYS, ROUNDS = ("asked=1", "state=completed"), 12


def is_draft(plan: CollectionPlan) -> bool:
    """Not yet issued."""
    return plan.state == CollectionPlan.State.DRAFT


def is_active(plan: CollectionPlan) -> bool:
    """Running."""
    return plan.state == CollectionPlan.State.ACTIVE


def was_issued(plan: CollectionPlan) -> bool:
    """Has tasks."""
    return plan.form_version_id is not None


@ledger
class CollectionPlans(Ledger):
    """Which schools fill in what until when."""

    code = "custom_forms.plans"
    model = CollectionPlan
    title, noun, icon = "填报安排", "安排", "speakerphone"
    area, group, order = "collect", "填报", 10
    columns = "title form stand progress starts_on ends_on org"
    facts = "title form form_version stand starts_on ends_on deadline_time repeat late_allowed note org"
    filters = "org state form"
    search = "title"
    sections = {
        "填什么": "org title form note",
        "什么时候填": "starts_on ends_on deadline_time repeat deadline_days remind_hours",
        "过了期限": "late_allowed",
    }
    choices = {"form": Q(archived_at=None) & ~Q(state="withdrawn")}
    while_in = {"edit": "draft", "archive": "draft"}
    example = {"title": "2026 年秋季学校安全设施统计", "deadline_time": "17:00"}
    happenings = {
        "choose": "选择学校",
        "fix_version": "确定表单版本",
        "task:open_round": "下发",
        "task:cancel_plan": "撤回",
        "export": "导出汇总",
    }
    roles = {"view": WATCHERS} | dict.fromkeys(("add", "edit", "archive", "export"), BUREAU)

    def begin(self, user: Any) -> dict[str, Any]:
        """The own bureau asks."""
        return {"org": user.unit_id}

    @act("选择学校", ISSUE, form=SchoolsForm, icon="users", when=is_draft)
    def choose(self, actor: Actor, record: CollectionPlan, values: dict[str, Any]) -> None:
        """Fix which schools are asked."""
        choose(actor, record, values)

    @act(
        "下发",
        ISSUE,
        icon="speakerphone",
        kind="primary",
        when=is_draft,
        effect=lambda plan: f"{plan.units().count()} 所学校收到填报任务",
    )
    def issue(self, actor: Actor, record: CollectionPlan, values: dict[str, Any]) -> None:
        """Every school gets its task."""
        issue(actor, record)

    @act("催未交的学校", ISSUE, icon="bell", when=is_active, effect="只提醒还没有提交的学校")
    def urge(self, actor: Actor, record: CollectionPlan, values: dict[str, Any]) -> None:
        """Remind those who have not handed in."""
        urge_open(actor, record)

    @act(
        "导出全部",
        "custom_forms.plans.export",
        icon="download",
        when=was_issued,
        effect="按原表样导出汇总表、明细表和每所学校一张表，在后台进行",
    )
    def export_all(self, actor: Actor, record: CollectionPlan, values: dict[str, Any]) -> str:
        """All sheets as one workbook, by a job."""
        start_export(actor, record)
        return "/jobs/"

    @act("撤回", ISSUE, form=ReasonForm, icon="x", kind="danger", when=is_active)
    def withdraw(self, actor: Actor, record: CollectionPlan, values: dict[str, Any]) -> None:
        """No further rounds; open tasks are taken back."""
        cancel_plan(actor, record, values["reason"])

    @computed("状态", "chip")
    def stand(self, row: CollectionPlan) -> tuple[str, str]:
        """Draft, running, ended, taken back."""
        tones = {"draft": "idle", "active": "doing", "ended": "done", "cancelled": "idle"}
        return tones[row.state], row.get_state_display()

    @computed("已交", "meta")
    def progress(self, row: Any) -> str:
        """How many of how many."""
        return f"{row.handed_in} / {row.asked}"

    def refine(self, rows: Any) -> Any:
        """Plans with their figures at hand."""
        tasks = "rounds__assignments"
        asked = Count(
            tasks, filter=Q(**{f"{tasks}__archived_at": None}) & ~Q(**{f"{tasks}__state": "cancelled"})
        )
        handed_in = Count(tasks, filter=Q(**{f"{tasks}__state": "completed"}))
        return rows.annotate(asked=asked, handed_in=handed_in)

    @block("各校进度", "custom_forms/rounds.html")
    def rounds(self, request: Any, record: CollectionPlan) -> dict[str, Any] | None:
        """Figures of the last rounds, each with its list."""
        recent = list(record.rounds.order_by("-opens_on")[:ROUNDS])
        table = [(round_, standings_of(round_)) for round_ in recent]
        return {"table": table, "plan": record} if recent else None

    @block("发给哪些学校", "custom_forms/units.html")
    def schools(self, request: Any, record: CollectionPlan) -> dict[str, Any]:
        """How many, and the first names."""
        units = list(record.units()[:41])
        return {"units": units[:40], "more": len(units) > 40, "all": record.units().count()}


def standings_of(round_: Any) -> list[tuple[str, int, str]]:
    """How many schools stand where in a round, each number with the address of its list."""
    rows = Collection.unguarded.filter(round=round_, archived_at=None)
    url, found = reverse("custom_forms.tasks:list"), []
    for title, query in STANDINGS:
        number = _counted(rows, query)
        if number or query in ALWAYS:
            found.append((title, number, f"{url}?round={round_.pk}&{query}"))
    return found


def _counted(rows: Any, query: str) -> int:
    for part in query.split("&"):
        name, _, value = part.partition("=")
        rows = rows.filter(MARKS[name]()) if name in MARKS else rows.filter(**{name: value})
    return int(rows.count())


archives("custom_forms.plans", "plan", "ended cancelled")
