"""The list of findings, and what is started from one: a hazard, an incident, a notice (D01.14, D01.15)."""

from typing import Any

from django.db.models import Q

from anlan.domains.safety.finding_forms import IncidentForm, NoticeForm, RaiseForm
from anlan.domains.safety.findings import Finding
from anlan.domains.safety.following import NOTIFY, draft_notice, start_incident
from anlan.domains.safety.inspection_registers import SCHOOL, WATCHERS
from anlan.domains.safety.raising import RAISE, raise_one
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, act, block, computed, ledger


def without_hazard(finding: Finding) -> bool:
    """No hazard was made of it."""
    return finding.hazard_id is None and finding.archived_at is None


def without_incident(finding: Finding) -> bool:
    """No incident was started from it."""
    return finding.incident_id is None and finding.archived_at is None


def without_notice(finding: Finding) -> bool:
    """No notice was drafted from it."""
    return finding.notice_id is None and finding.archived_at is None


@ledger
class Findings(Ledger):
    """What checks found, item by item; inspectors see their own."""

    code = "safety.findings"
    model = Finding
    readonly = True
    title, noun, icon = "检查发现", "发现", "search"
    area, group, order = "safety", "日常", 17
    columns = "wording where_it_stands org section note found_at found_by from_plan"
    filters = "org section wording found_at found_by task__round__plan"
    search = "wording note section org__name"
    words = {"task__round__plan": "计划"}
    facts = "wording note section org found_at found_by where_it_stands"
    sort = "-found_at"
    marks = {"raised": lambda: Q(hazard__isnull=False), "unraised": lambda: Q(hazard=None)}
    views = {"未转隐患": "unraised=1", "已转隐患": "raised=1"}
    roles = {
        "view": f"{WATCHERS} {SCHOOL}",
        "view.own": "inspector staff guard",
        "export": f"{WATCHERS} {SCHOOL}",
    }

    @computed("去向", "chip", needs="hazard")
    def where_it_stands(self, row: Finding) -> tuple[str, str]:
        """Where its hazard stands."""
        return row.stand

    @computed("计划", needs="task__round__plan", sort="task__round__plan__title")
    def from_plan(self, row: Finding) -> str:
        """The plan under which it was found."""
        return row.task.round.plan.title

    @act(
        "转为隐患", RAISE, form=RaiseForm, icon="alert-triangle", when=without_hazard, effect="学校会收到消息"
    )
    def raise_hazard(self, actor: Actor, record: Finding, values: dict[str, Any]) -> None:
        """Make a hazard of it."""
        raise_one(actor, record, values["grade"])

    @act(
        "登记安全事件",
        "safety.incidents.add",
        form=IncidentForm,
        icon="clipboard-check",
        when=without_incident,
    )
    def to_incident(self, actor: Actor, record: Finding, values: dict[str, Any]) -> None:
        """Start an incident record."""
        start_incident(actor, record, values)

    @act("起草通知", NOTIFY, form=NoticeForm, icon="speakerphone", when=without_notice)
    def to_notice(self, actor: Actor, record: Finding, values: dict[str, Any]) -> None:
        """Draft a notice to the school; whoever may publish finds it among the to-dos."""
        draft_notice(actor, record, values)

    @block("去向", "safety/finding.html")
    def trail(self, request: Any, record: Finding) -> dict[str, Any]:
        """The task it came from, and all that was started from it."""
        return {"finding": record}
