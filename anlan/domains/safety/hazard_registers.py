"""The register of hazards and the lists drawn from it (D03.1, D03.2, SAF.18, SAF.45)."""

from typing import Any

from anlan.domains.safety.asking import ExtensionForm, PressForm
from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.pressing import EXTEND, PRESS, Extension, ask_extension, press
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import (
    Ledger,
    Personal,
    SharedLedger,
    act,
    block,
    computed,
    counted_words,
    ledger,
)
from anlan.engines.workflow.api import steps_of
from anlan.kernel import clock

OVERSEERS = "bureau_safety bureau_leader bureau_viewer upper_safety team_admin township_officer inspector"
SCHOOL = "school_safety school_head school_contact"
NAMED = Personal("落实整改与核实责任", "安全生产法第三十八条", "随隐患档案保存")


def is_open(hazard: Hazard) -> bool:
    """Not yet ended."""
    return hazard.open


def has_deadline(hazard: Hazard) -> bool:
    """Open and under a deadline."""
    return hazard.open and hazard.due_at is not None


class HazardLedger(Ledger):
    """What all lists of hazards share."""

    model = Hazard
    noun = "隐患"
    personal = {"reporter": NAMED, "responsible": NAMED}

    @computed("等级", "risk", sort="grade")
    def level(self, row: Hazard) -> str:
        """The risk grade in words; empty before the hazard is judged."""
        return str(row.get_grade_display()) if row.grade else ""


@ledger
class Hazards(SharedLedger, HazardLedger):
    """The one register, whatever the source."""

    code = "safety.hazards"
    title, icon = "隐患台账", "alert-triangle"
    area, group, order = "safety", "闭环", 110
    columns = "title number org level state due_at responsible source"
    filters = "org category grade state source found_at"
    search = "title number detail place org__name"
    sections = {
        "在哪里": "org place",
        "有什么问题": "title detail category grade source found_at",
        "谁来整改": "reported_up responsible",
    }
    facts = "detail place category source found_at reporter responsible measure cost plan_measures plan_funds plan_deadline plan_duty plan_emergency rounds pressings reported_up"  # noqa: E501
    files = {"before": "整改前", "after": "整改后", "recheck": "复查", "strike_off": "销号单"}
    example = {"title": "灭火器压力不足", "place": "教学楼一层"}
    views = {
        "未销号": "open=1",
        "逾期": "overdue=1",
        "待我处理": "mine=1",
        "重大": "open=1&grade=major",
        "较大": "open=1&grade=large",
        "已归档": "archived=1",
    }
    roles = {
        "view": f"{OVERSEERS} {SCHOOL} hazard_raiser agency_liaison",
        "add": "bureau_safety team_admin hazard_raiser school_safety school_head township_officer",
        "edit": "bureau_safety team_admin",
        "export": f"{OVERSEERS} {SCHOOL}",
    }

    def lede(self, rows: Any, user: Any) -> str:
        """How many, how many open, how many late."""
        open_rows = rows.filter(archived_at=None).exclude(state__in=("closed", "void"))
        late = counted_words(open_rows.filter(due_at__lt=clock.now()))
        return f"共 {counted_words(rows)} 条，未销号 {counted_words(open_rows)} 条，其中 {late} 条逾期"

    @act("督办", PRESS, form=PressForm, icon="speakerphone", when=is_open)
    def press(self, actor: Actor, record: Hazard, values: dict[str, Any]) -> None:
        """Press for it."""
        press(actor, record, values["text"])

    @act("申请延期", EXTEND, form=ExtensionForm, icon="calendar-time", when=has_deadline)
    def extend(self, actor: Actor, record: Hazard, values: dict[str, Any]) -> None:
        """Ask for more time."""
        ask_extension(actor, record, values)

    @block("整改过程", "safety/rounds.html")
    def rounds_so_far(self, request: Any, record: Hazard) -> dict[str, Any] | None:
        """Every round with opinion, evidence, person and time."""
        steps = [step for step in steps_of(record) if step.move in ROUND_MOVES]
        return {"steps": steps} if steps else None

    @block("督办与延期", "safety/pressings.html")
    def pressed(self, request: Any, record: Hazard) -> dict[str, Any] | None:
        """Pressings and requests for more time."""
        pressings, extensions = record.pressing_set.all(), record.extensions.all()
        return {"pressings": pressings, "extensions": extensions} if pressings or extensions else None


ROUND_MOVES = ("submit", "approve", "send_back", "pass_recheck", "fail_recheck", "settle", "strike_off")


@ledger
class Rectifications(HazardLedger):
    """The rectification list: confirmed and not yet archived, overdue ones first (D03.2, SAF.18)."""

    code = "safety.rectifications"
    readonly = True
    title, icon = "整改清单", "tool"
    area, group, order = "safety", "闭环", 120
    columns = "title number org level state due_at measure"
    filters = "org category grade state source found_at"
    search = "title number measure org__name"
    sort = "due_at"
    roles = {"view": f"{OVERSEERS} {SCHOOL}", "export": f"{OVERSEERS} {SCHOOL}"}

    def refine(self, rows: Any) -> Any:
        """Confirmed, not archived, no false alarm."""
        return rows.exclude(state__in=("reported", "closed", "void"))


@ledger
class Responsibilities(HazardLedger):
    """The responsibility list: who answers for which hazard until when (SAF.18)."""

    code = "safety.responsibilities"
    readonly = True
    title, icon = "责任清单", "user-check"
    area, group, order = "safety", "闭环", 130
    columns = "title number org responsible level state due_at"
    filters = "org category grade state source found_at"
    search = "title number responsible org__name"
    sort = "due_at"
    roles = Rectifications.roles

    def refine(self, rows: Any) -> Any:
        """Every hazard somebody was made responsible for."""
        return rows.exclude(responsible="").exclude(state="void")


@ledger
class StrikeOffs(HazardLedger):
    """The struck-off list (SAF.18, SAF.19)."""

    code = "safety.strike_offs"
    readonly = True
    title, icon = "销号清单", "circle-check"
    area, group, order = "safety", "闭环", 140
    columns = "title number org level archived_at opinion rounds"
    filters = "org category grade source found_at"
    search = "title number org__name"
    sort = "-archived_at"
    roles = Rectifications.roles

    def refine(self, rows: Any) -> Any:
        """Only what was struck off."""
        return rows.filter(state="closed")


@ledger
class Extensions(Ledger):
    """Requests for more time, answered by the bureau."""

    code = "safety.extensions"
    model = Extension
    readonly = True
    title, noun, icon = "延期申请", "申请", "calendar-time"
    area, group, order = "safety", "闭环", 150
    columns = "hazard org until reason state created_at"
    filters = "org hazard state"
    search = "hazard__title reason"
    views = {"待审批": "state=asked"}
    roles = {"view": f"{OVERSEERS} {SCHOOL}", "export": OVERSEERS}
