"""The register of hazards: every one, whatever its source, with all that is known of it (D03.1, D03.3)."""

from typing import Any

from django.db.models import Q
from django.utils.html import format_html

from anlan.domains.safety.asking import ExtensionForm, PressForm
from anlan.domains.safety.hazard_flow import STAFF
from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.pressing import EXTEND, PRESS, ask_extension, press
from anlan.domains.safety.rounds import rounds_of
from anlan.engines.archives.api import archives
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
    files = {"before": "整改前", "after": "整改后", "recheck": "复查", "strike_off": "销号单"}
    facts = "title detail org place category source origin found_at created_at told_by judged stand responsible rectifier measure cost plan_measures plan_funds plan_deadline plan_duty plan_emergency rounds pressings reported_up"  # noqa: E501

    @computed("等级", "risk", sort="grade")
    def level(self, row: Hazard) -> str:
        """The risk grade in words; empty before the hazard is judged."""
        return str(row.get_grade_display()) if row.grade else ""

    @computed("来源记录")
    def origin(self, row: Hazard) -> str:
        """The way back to the record it was found by; who may not see that record finds nothing there."""
        if not row.source_url:
            return ""
        return format_html('<a href="{}">{}</a>', row.source_url, f"查看{row.get_source_display()}")

    @computed("上报人")
    def told_by(self, row: Hazard) -> str:
        """The reporter with the unit the report came from."""
        maker = row.created_by
        unit = maker.unit if maker is not None and maker.name == row.reporter else None
        return f"{row.reporter}（{unit}）" if unit else row.reporter

    @computed("核实情况", "chip")
    def judged(self, row: Hazard) -> tuple[str, str]:
        """Whether the bureau confirmed it; one kept inside the school needs no judging."""
        if row.state == "reported":
            return "idle", "待核实"
        if row.state == "void":
            return "idle", "误报或作废"
        return ("done", "已确认") if row.reported_up else ("idle", "校内自行整改")

    @computed("整改情况", "chip")
    def stand(self, row: Hazard) -> tuple[str, str]:
        """The present state with its lateness."""
        return row.state_shown.tone, row.state_shown.title

    @block("整改过程", "safety/rounds.html", printed=True)
    def rounds_so_far(self, request: Any, record: Hazard) -> dict[str, Any] | None:
        """Every round with opinion, evidence, person and time."""
        entries = rounds_of(record)
        return {"entries": entries} if entries else None


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
    form_files = "before"
    marks = {"fire": lambda: Q(category__code="fire")}
    example = {"title": "灭火器压力不足", "place": "教学楼一层"}
    views = {
        "未销号": "open=1",
        "逾期": "overdue=1",
        "交给我的": "open=1&mine=1",
        "重大": "open=1&grade=major",
        "较大": "open=1&grade=large",
        "已归档": "archived=1",
    }
    roles = {
        "view": f"{OVERSEERS} {SCHOOL} hazard_raiser agency_liaison",
        "view.own": " ".join(STAFF),
        "add": "bureau_safety hazard_raiser school_safety school_head township_officer",
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

    @block("督办与延期", "safety/pressings.html")
    def pressed(self, request: Any, record: Hazard) -> dict[str, Any] | None:
        """Pressings and requests for more time."""
        pressings, extensions = record.pressing_set.all(), record.extensions.all()
        return {"pressings": pressings, "extensions": extensions} if pressings or extensions else None


archives("safety.hazards", "rectification", parts="pressing_set extensions")
