"""Ledgers of roll calls and of those who were not there (D17.3)."""

from typing import Any

from django import forms
from django.db.models import Q

from anlan.base.errands import FIELD_PAGES
from anlan.base.roles import ABOVE, AT_SCHOOL
from anlan.domains.dormitory.roll_calls import CLOSE, TAKE, Absence, RollCall, close, unexplained, untaken
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, act, block, computed, ledger
from anlan.shell.navigation import Page, add_page

SEEING = " ".join((*ABOVE, *AT_SCHOOL, "dorm_keeper"))
OPEN = "school_safety school_head dorm_keeper"
TONES = {"missing": "late", "late": "back", "leave": "idle"}
add_page(Page("dormitory", "晚点名", "手机点名", FIELD_PAGES + "?roll", TAKE, None, 195))


class ExplainForm(forms.Form):
    """Where the pupil is, and what was done."""

    explanation = forms.CharField(label="去向和处置情况", max_length=300, widget=forms.Textarea)


def is_missing(absence: Absence) -> bool:
    """Nobody has explained."""
    return absence.kind == "missing" and absence.closed_at is None and absence.archived_at is None


@ledger
class RollCalls(Ledger):
    """Every roll call with its numbers; one that was not taken in time stands out."""

    code = "dormitory.roll_calls"
    model = RollCall
    readonly = True
    title, noun, icon = "晚点名", "次", "list-check"
    area, group, order = "dormitory", "晚点名", 200
    columns = "building org night stand present leave late missing taken_at taken_by due_at"
    filters = "org building night"
    search = "building__name org__name"
    sort = "-night"
    photos = ""
    happenings = {"take": "点名", "warn": "超时提醒"}
    views = {"没有按时点名": "untaken=1", "有未归": "missing=1"}
    marks = {
        "untaken": untaken,
        "missing": lambda: Q(missing__gt=0),
        "taken": lambda: Q(taken_at__isnull=False),
    }
    roles = {"view": SEEING, "export": "bureau_safety school_head school_safety"}

    @computed("状态", "chip")
    def stand(self, row: RollCall) -> tuple[str, str]:
        """Taken, to be taken, or late."""
        if row.taken_at:
            return ("back", "补点") if row.taken_at > row.due_at else ("done", "已点名")
        return ("late", "没有按时点名") if row.overdue else ("todo", "待点名")

    @block("不在的学生", "dormitory/absences.html")
    def absent(self, request: Any, record: RollCall) -> dict[str, Any]:
        """Numbers that open the list."""
        return {"call": record, "open": record.absences.filter(unexplained()).count()}


@ledger
class Absences(Ledger):
    """Who was not there, and what became of it."""

    code = "dormitory.absences"
    model = Absence
    readonly = True
    title, noun, icon = "晚点名异常", "人次", "alert-triangle"
    area, group, order = "dormitory", "晚点名", 210
    columns = "boarder roll_call kind stand org at note closed_at"
    facts = "boarder roll_call place kind stand note org at escalated_at explanation closed_by closed_at"
    filters = "org kind at roll_call__building"
    search = "boarder__code boarder__class_name place"
    sort = "-at"
    photos = ""
    happenings = {"close": "说明去向", "escalate": "升级预警"}
    views = {"未查明": "open=1", "未归": "kind=missing"}
    marks = {"open": unexplained}
    roles = {
        "view": f"bureau_safety {OPEN}",
        "view.own": "staff",
        "export": "school_head school_safety",
    }

    def refine(self, rows: Any) -> Any:
        """With what the words of a roll call need."""
        return rows.select_related("roll_call__building")

    @computed("处置", "chip")
    def stand(self, row: Absence) -> tuple[str, str] | None:
        """Open or explained."""
        if row.kind != "missing":
            return None
        return ("late", "未查明") if row.closed_at is None else ("done", "已说明")

    @act("说明去向、销案", CLOSE, form=ExplainForm, icon="check", kind="primary", when=is_missing)
    def explain(self, actor: Actor, record: Absence, values: dict[str, Any]) -> None:
        """Accounted for."""
        close(actor, record, values["explanation"])
