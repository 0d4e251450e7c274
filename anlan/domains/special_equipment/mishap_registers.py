"""The register of faults, entrapments and accidents, and what ends them (D16.5)."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.html import format_html

from anlan.base.happening import Recorded
from anlan.base.roles import ABOVE, AT_SCHOOL
from anlan.domains.special_equipment.devices import Device
from anlan.domains.special_equipment.mishap_reports import PHOTO
from anlan.domains.special_equipment.mishaps import FAULT, Mishap, unsettled
from anlan.engines.audit.api import SYSTEM, Actor, change
from anlan.engines.registry.api import Ledger, act, computed, ledger
from anlan.engines.workflow.api import Moved
from anlan.kernel import clock, events

KEEPERS = "school_head school_safety"


class OutcomeForm(forms.Form):
    """How it ended."""

    outcome = forms.CharField(label="处理结果", max_length=300, widget=forms.Textarea)


@ledger
class Mishaps(Ledger):
    """Faults, entrapments and accidents."""

    model = Mishap
    readonly = True
    title, noun, area, group, order = "特种设备故障与事故", "起", "upkeep", "特种设备", 325
    columns = "device kind happened_at people course settled incident org"
    facts = "device kind happened_at people course settled outcome settled_at incident created_by org"
    filters, search, sort = "org device kind happened_at", "device__code course outcome", "-happened_at"
    files = {PHOTO: "现场照片"}
    marks = {"unsettled": unsettled, "grave": lambda: ~Q(kind=FAULT)}
    views = {"未办结": "unsettled=1", "困人和事故": "grave=1"}
    happenings = {"settle": "登记处理结果"}
    example = {
        "kind": "trapped",
        "happened_at": "2026-10-08T08:20:00+08:00",
        "course": "电梯停在二层与三层之间",
    }
    roles = {
        "view": " ".join((*ABOVE, *AT_SCHOOL)),
        "view.own": "staff guard canteen_manager dorm_keeper",
        "edit": KEEPERS,
        "export": " ".join((*ABOVE, KEEPERS)),
    }

    @computed("办理", "chip")
    def settled(self, row: Mishap) -> tuple[str, str]:
        """Open or ended."""
        return ("done", "已办结") if row.settled_at else ("late", "未办结")

    @computed("安全事件")
    def incident(self, row: Mishap) -> str:
        """The way to the incident made of it."""
        return format_html('<a href="{}">查看安全事件</a>', row.incident_url) if row.incident_url else ""

    @act(
        "登记处理结果", "special_equipment.mishaps.edit", form=OutcomeForm, icon="check", kind="primary",
        when=lambda row: row.settled_at is None and row.archived_at is None,
    )  # fmt: skip
    def settle(self, actor: Actor, record: Mishap, values: dict[str, Any]) -> str:
        """How it ended; the piece is used again only after a check it passes."""
        end(actor, record, values["outcome"])
        return ""


def end(actor: Actor, mishap: Mishap, outcome: str) -> None:
    """Write the outcome down, once."""
    said = {"outcome": outcome, "settled_at": clock.now()}
    change(actor, mishap, said, action="settle", expect=Q(settled_at=None))


@events.on(Recorded)
def link_incident(event: Recorded) -> None:
    """Handler: the report leads to the incident made of it."""
    if isinstance(event.record, Mishap):
        change(event.actor, event.record, {"incident_url": event.url}, action="link")


@events.on(Moved)
def mended(event: Moved) -> None:
    """Handler: with the confirmed repair the faults of a piece are settled."""
    if isinstance(event.record, Device) and event.move.target == "in_use":
        for mishap in event.record.mishaps.filter(unsettled(), kind=FAULT, archived_at=None):
            end(SYSTEM, mishap, event.move.title)
