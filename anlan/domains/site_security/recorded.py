"""Requirements that records answer: what they say outweighs what is typed, now and later (N1.26, N1.32)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Q

from anlan.base.proofs import proofs
from anlan.domains.site_security.camera_proof import proof_of
from anlan.domains.site_security.device_registers import uncertified
from anlan.domains.site_security.devices import Condition, Device
from anlan.domains.site_security.editions import Requirement
from anlan.domains.site_security.perimeter import Section, perimeter_met
from anlan.domains.site_security.products import Certificate
from anlan.domains.site_security.recordings import Recording
from anlan.domains.site_security.repairs import Repair
from anlan.domains.site_security.surveys import Statement, Verdict
from anlan.engines.audit.api import SYSTEM, Written, change
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import ledgers
from anlan.engines.tasks.api import Job, background, declare_periodic
from anlan.kernel import clock, events

HEIGHT, RISKS = "perimeter_barrier_height_m", "device_injury_risks"
CERTIFIED = "uncertified_devices"
GAPS, DAYS = "video_capture_gap_minutes", "video_retention_days"
HOURS, FAULT_DAYS = "fault_recovery_hours", 90  # how far back faults count: a default of the platform


def _perimeter(unit: OrgUnit) -> str | None:
    met = perimeter_met(unit)
    return None if met is None else "" if met else "周界台账登记有低于 2 米的区段"


def _said(rows: Any, against: Q, words: str) -> str | None:
    """The words where some rows speak against it, None without any row."""
    if rows.filter(against).exists():
        return words
    return "" if rows.exists() else None


def _risks(unit: OrgUnit) -> str | None:
    rows = Device.objects.unscoped().filter(org=unit, archived_at=None)
    return _said(rows, ~Q(risk=""), "有技防设备报告了伤人风险，消除后才算达到")


def _certified(unit: OrgUnit) -> str | None:
    rows = Device.objects.unscoped().filter(org=unit, archived_at=None)
    return _said(rows, uncertified(), "有技防设备没有有效的产品证书")


def _cameras(unit: OrgUnit) -> Any:
    rows = Recording.objects.unscoped().filter(org=unit, archived_at=None, device__archived_at=None)
    return rows.exclude(device__condition=Condition.WITHDRAWN)


def _breaks(unit: OrgUnit) -> str | None:
    return _said(_cameras(unit), Q(running=False), "有摄像机的录像正在中断")


def _retained(unit: OrgUnit) -> str | None:
    return _said(_cameras(unit), Q(enough=False), "有摄像机的录像保存天数不够")


def _slow(unit: OrgUnit) -> str | None:
    """By the faults that count: open ones, and those that began lately."""
    lately = clock.now() - timedelta(days=FAULT_DAYS)
    rows = Repair.objects.unscoped().filter(org=unit, archived_at=None)
    faults = list(rows.filter(Q(closed_at=None) | Q(started_at__gte=lately)))
    late = sum(repair.late for repair in faults)
    return f"近 {FAULT_DAYS} 天有 {late} 次故障没有按时恢复" if late else "" if faults else None


# Metric of a requirement, as its data file names it: the ledger that answers it, and what the records say against it
# (None without records, and then the school states itself).
RECORDED: dict[str, tuple[str, Callable[[OrgUnit], str | None]]] = {
    HEIGHT: ("site_security.sections", _perimeter),
    RISKS: ("site_security.devices", _risks),
    CERTIFIED: ("site_security.devices", _certified),
    GAPS: ("site_security.recordings", _breaks),
    DAYS: ("site_security.recordings", _retained),
    HOURS: ("site_security.repairs", _slow),
}


def standing(requirement: Requirement, unit: OrgUnit) -> str | None:
    """What the records say against a requirement, in words: empty where all is well, None without records."""
    if (proof := proofs.get(requirement.metric)) is not None:
        return proof.against(unit)
    _, against = RECORDED.get(requirement.metric, ("", lambda _: None))
    return against(unit)


def needless(requirement: Requirement, unit: OrgUnit) -> bool:
    """Whether the records show that the requirement does not apply to the unit."""
    proof = proofs.get(requirement.metric)
    return proof is not None and proof.needless(unit)


def source_of(requirement: Requirement) -> str:
    """The records that answer a requirement, in words."""
    if (proof := proofs.get(requirement.metric)) is not None:
        return proof.title
    return ledgers[RECORDED[requirement.metric][0]].title


def settled(row: Statement, verdict: str, checked: str) -> str:
    """What counts for a statement: the inspector's finding unless records speak against it, else the records, else
    what the school says; nothing where it does not apply.
    """
    if needless(row.requirement, row.org):
        return Verdict.NOT_APPLICABLE
    found = standing(row.requirement, row.org)
    if found is not None and not (checked and (checked != Verdict.MET or not found)):
        return Verdict.NOT_MET if found else Verdict.MET
    said = checked or verdict or Verdict.UNFILLED
    proof = proof_of(row) if said == Verdict.MET else None
    return proof.verdict if proof else said


@events.on(Written)
def follow_records(event: Written) -> None:
    """Statements follow the records: not met while they speak against it, and back."""
    record = event.record
    if isinstance(record, Section):
        _settle(record.org, HEIGHT)
    elif isinstance(record, Device) and not event.together:
        if event.action == "create" or "risk" in event.before:
            _settle(record.org, RISKS)
        if {"certificate", "condition", "archived_at"} & set(event.after):
            _settle(record.org, CERTIFIED)
    elif isinstance(record, Certificate) and not event.together:
        _settle(record.org, CERTIFIED)
    elif isinstance(record, Repair):
        _settle(record.org, HOURS)
    elif isinstance(record, Recording) and not event.together:
        _settle(record.org, GAPS)
        _settle(record.org, DAYS)
    for proof in proofs:
        if isinstance(record, proof.follows):
            _settle(record.org, proof.code)


def _settle(unit: OrgUnit, metric: str) -> None:
    _follow(_proved().filter(org=unit, requirement__metric=metric))


def _proved() -> Any:
    rows = Statement.objects.unscoped().filter(archived_at=None, survey__archived_at=None)
    return rows.exclude(requirement__metric="").select_related("requirement", "org")


def follow_survey(survey: Any) -> None:
    """What records answer of a survey just laid out."""
    _follow(_proved().filter(survey=survey))


def _follow(rows: Any) -> int:
    changed = 0
    for row in rows:
        now = settled(row, row.verdict, row.checked)
        if now != row.result:
            change(SYSTEM, row, {"result": now}, action="follow")
            changed += 1
    return changed


@background("按台账更新防护要求的结论")
def follow_all(job: Job) -> dict[str, Any]:
    """Every statement that records answer, once a day: rosters run out and limits pass without anybody writing."""
    return {"changed": _follow(_proved())}


declare_periodic("site_security.recorded", "10 0 * * *", follow_all)
