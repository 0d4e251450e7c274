"""Ledgers of special checks and of each school's part (SAF.11, SAF.12, SAF.43)."""

from typing import Any

from django.db.models import Q

from anlan.domains.safety.asking import ItemForm
from anlan.domains.safety.judging import add_item
from anlan.domains.safety.special import VERDICTS, SpecialCheck, SpecialPart
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import Kind, scope
from anlan.engines.registry.api import Ledger, act, block, ledger

BUREAU = "bureau_safety team_admin"
EDIT = "safety.special_checks.edit"
WATCHERS = f"{BUREAU} bureau_leader bureau_viewer"


def is_draft(check: SpecialCheck) -> bool:
    """Not yet published."""
    return check.state == "draft"


@ledger
class SpecialChecks(Ledger):
    """Special checks of the bureau; saved ones are the bureau's own."""

    code = "safety.special_checks"
    model = SpecialCheck
    title, noun, icon = "专项检查", "专项检查", "clipboard-check"
    area, group, order = "safety", "日常", 20
    columns = "title org state finish_on responsible"
    filters = "org state finish_on"
    search = "title requirements"
    form = "org title requirements finish_on responsible schools"
    facts = "title requirements finish_on responsible state"
    example = {"title": "秋季消防安全专项检查", "requirements": "逐项自查"}
    while_in = {"edit": "draft"}
    choices = {"schools": Q(kind=Kind.SCHOOL)}
    views = {"检查中": "state=published", "草稿": "state=draft", "已结束": "state=ended"}
    roles = {"view": WATCHERS, "add": BUREAU, "edit": BUREAU, "export": WATCHERS}

    def begin(self, user: Any) -> dict[str, Any]:
        """The own bureau checks."""
        return {"org": user.unit_id}

    @act("添加检查项目", EDIT, form=ItemForm, icon="plus", when=is_draft)
    def add_item(self, actor: Actor, record: SpecialCheck, values: dict[str, Any]) -> None:
        """One more item."""
        add_item(actor, record, values)

    @block("检查项目", "safety/special_items.html")
    def items(self, request: Any, record: SpecialCheck) -> dict[str, Any]:
        """The items, and the field to add more while it is a draft."""
        return {"check": record, "items": record.items.all(), "draft": record.state == "draft"}

    @block("各校进度", "safety/special_progress.html")
    def progress(self, request: Any, record: SpecialCheck) -> dict[str, Any] | None:
        """State of every school's part; contents only once they reach the bureau."""
        parts = SpecialPart.objects.unscoped().filter(check_of=record).select_related("org", "group")
        return {"parts": parts} if parts else None


@ledger
class SpecialParts(Ledger):
    """One school's part; each level sees it once the level below confirmed it."""

    code = "safety.special_parts"
    model = SpecialPart
    readonly = True
    title, noun, icon = "专项检查办理", "检查", "list-check"
    area, group, order = "safety", "日常", 25
    columns = "check_of org group state due_at"
    filters = "org check_of group state"
    search = "check_of__title org__name group__name"
    facts = "check_of org group state due_at findings group_summary bureau_summary"
    files = {"evidence": "佐证材料"}
    views = {"待我处理": "mine=1", "逾期": "overdue=1"}
    example = {"reached": 2}
    roles = {
        "view": f"{WATCHERS} inspector school_head school_safety school_contact",
        "export": f"{WATCHERS} inspector",
    }

    @block("逐项检查", "safety/special_results.html")
    def results(self, request: Any, record: SpecialPart) -> dict[str, Any]:
        """Verdicts of school, group and bureau side by side; the level whose turn it is may write."""
        turn = {"waiting": "school", "returned": "school", "group": "group", "bureau": "bureau"}.get(
            record.state, ""
        )
        right = f"safety.special_parts.judge_{turn}"
        writes = bool(turn) and scope(request.user, right).covers(record.org.path)
        rows = record.results.select_related("item", "hazard")
        return {"part": record, "results": rows, "level": turn if writes else "", "verdicts": VERDICTS}
