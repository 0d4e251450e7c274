"""Requirements that records answer: what they say outweighs what is typed, now and later (N1.26, N1.32)."""

from collections.abc import Callable
from typing import Any

from anlan.domains.site_security.camera_proof import proof_of
from anlan.domains.site_security.device_registers import uncertified
from anlan.domains.site_security.devices import Condition, Device
from anlan.domains.site_security.editions import Requirement
from anlan.domains.site_security.perimeter import Section, perimeter_met
from anlan.domains.site_security.products import Certificate
from anlan.domains.site_security.recordings import Recording
from anlan.domains.site_security.surveys import Statement, Verdict
from anlan.engines.audit.api import SYSTEM, Written, change
from anlan.engines.org.api import OrgUnit
from anlan.kernel import events

HEIGHT, RISKS = "perimeter_barrier_height_m", "device_injury_risks"
CERTIFIED = "uncertified_devices"
GAPS, DAYS = "video_capture_gap_minutes", "video_retention_days"


def _perimeter(unit: OrgUnit) -> str:
    return "周界台账登记有低于 2 米的区段" if perimeter_met(unit) is False else ""


def _risks(unit: OrgUnit) -> str:
    risky = Device.objects.unscoped().filter(org=unit, archived_at=None).exclude(risk="")
    return "有技防设备报告了伤人风险，消除后才算达到" if risky.exists() else ""


def _certified(unit: OrgUnit) -> str:
    lacking = Device.objects.unscoped().filter(uncertified(), org=unit, archived_at=None)
    return "有技防设备没有有效的产品证书" if lacking.exists() else ""


def _cameras(unit: OrgUnit) -> Any:
    rows = Recording.objects.unscoped().filter(org=unit, archived_at=None, device__archived_at=None)
    return rows.exclude(device__condition=Condition.WITHDRAWN)


def _breaks(unit: OrgUnit) -> str:
    return "有摄像机的录像正在中断" if _cameras(unit).filter(running=False).exists() else ""


def _kept(unit: OrgUnit) -> str:
    return "有摄像机的录像保存天数不够" if _cameras(unit).filter(enough=False).exists() else ""


# Metric of a requirement, as its data file names it, to what the records say against it.
RECORDED: dict[str, Callable[[OrgUnit], str]] = {
    HEIGHT: _perimeter,
    RISKS: _risks,
    CERTIFIED: _certified,
    GAPS: _breaks,
    DAYS: _kept,
}


def against(requirement: Requirement, unit: OrgUnit) -> str:
    """Why the records do not let the unit meet the requirement, in words; empty where they do."""
    said = RECORDED.get(requirement.metric)
    return said(unit) if said else ""


def settled(row: Statement, said: str) -> str:
    """What counts for a statement of which ``said`` is said."""
    if said != Verdict.MET:
        return said
    proof = proof_of(row)
    return Verdict.NOT_MET if against(row.requirement, row.org) else proof.verdict if proof else said


@events.on(Written)
def follow_records(event: Written) -> None:
    """Statements follow the records: not met while they speak against it, and back."""
    record = event.record
    if isinstance(record, Section):
        _settle(record.org, HEIGHT)
    elif isinstance(record, Device) and not event.together:
        if "risk" in event.before:
            _settle(record.org, RISKS)
        if {"certificate", "condition", "archived_at"} & set(event.after):
            _settle(record.org, CERTIFIED)
    elif isinstance(record, Certificate) and not event.together:
        _settle(record.org, CERTIFIED)
    elif isinstance(record, Recording) and not event.together:
        _settle(record.org, GAPS)
        _settle(record.org, DAYS)


def _settle(unit: OrgUnit, metric: str) -> None:
    rows = Statement.objects.unscoped().filter(
        org=unit, archived_at=None, survey__archived_at=None, requirement__metric=metric
    )
    for row in rows.select_related("requirement", "org"):
        now = settled(row, row.outcome)
        if now != row.result:
            change(SYSTEM, row, {"result": now}, action="follow")
