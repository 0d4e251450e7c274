"""Requirements that records answer: what they say outweighs what is typed, now and later (N1.26, N1.32)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Q

from anlan.base.proofs import proofs
from anlan.domains.site_security.devices import Device
from anlan.domains.site_security.editions import Requirement
from anlan.domains.site_security.perimeter import Section, perimeter_met
from anlan.domains.site_security.repairs import Repair
from anlan.domains.site_security.surveys import Statement, Verdict
from anlan.engines.audit.api import SYSTEM, Written, change
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import ledgers
from anlan.engines.tasks.api import Job, background, declare_periodic
from anlan.kernel import clock, events

HEIGHT, RISKS = "perimeter_barrier_height_m", "device_injury_risks"
HOURS, FAULT_DAYS = "fault_recovery_hours", 90  # how far back faults count: a default of the platform


def _perimeter(unit: OrgUnit) -> str:
    return "周界台账登记有低于 2 米的区段" if perimeter_met(unit) is False else ""


def _risks(unit: OrgUnit) -> str:
    risky = Device.objects.unscoped().filter(org=unit, archived_at=None).exclude(risk="")
    return "有技防设备报告了伤人风险，消除后才算达到" if risky.exists() else ""


def _faults(unit: OrgUnit) -> Any:
    """Faults of devices that count: open ones, and those that began lately."""
    lately = clock.now() - timedelta(days=FAULT_DAYS)
    rows = Repair.objects.unscoped().filter(org=unit, archived_at=None)
    return rows.filter(Q(closed_at=None) | Q(started_at__gte=lately))


def _slow(unit: OrgUnit) -> str:
    late = sum(repair.late for repair in _faults(unit))
    return f"近 {FAULT_DAYS} 天有 {late} 次故障没有按时恢复" if late else ""


# Metric of a requirement, as its data file names it, to what the records say against it.
RECORDED: dict[str, Callable[[OrgUnit], str]] = {HEIGHT: _perimeter, RISKS: _risks, HOURS: _slow}
# Where the records of a metric are kept; without any there the school states itself.
KEPT_IN = {
    HEIGHT: "site_security.sections",
    RISKS: "site_security.devices",
    "video_capture_gap_minutes": "site_security.recordings",
    "video_retention_days": "site_security.recordings",
}


def _kept(metric: str, unit: OrgUnit) -> bool:
    if metric == HOURS:
        return bool(_faults(unit).exists())
    ledger = ledgers.get(KEPT_IN.get(metric, ""))
    return bool(ledger and ledger.model.objects.unscoped().filter(org=unit, archived_at=None).exists())


def standing(requirement: Requirement, unit: OrgUnit) -> str | None:
    """What the records say against a requirement, in words: empty where all is well, None without records."""
    if (proof := proofs.get(requirement.metric)) is not None:
        return proof.against(unit)
    said = RECORDED.get(requirement.metric)
    if said is None:
        return None
    return said(unit) or ("" if _kept(requirement.metric, unit) else None)


def source_of(requirement: Requirement) -> str:
    """The records that answer a requirement, in words."""
    if (proof := proofs.get(requirement.metric)) is not None:
        return proof.title
    ledger = ledgers.get(
        "site_security.repairs" if requirement.metric == HOURS else KEPT_IN[requirement.metric]
    )
    return ledger.title if ledger else ""


def settled(row: Statement, verdict: str, checked: str) -> str:
    """What counts for a statement: the inspector's finding unless records speak against it, else the records, else
    what the school says.
    """
    found = standing(row.requirement, row.org)
    if found is None or (checked and (checked != Verdict.MET or not found)):
        return checked or verdict or Verdict.UNFILLED
    return Verdict.NOT_MET if found else Verdict.MET


@events.on(Written)
def follow_records(event: Written) -> None:
    """Statements follow the records: not met while they speak against it, and back."""
    record = event.record
    if isinstance(record, Section):
        _settle(record.org, HEIGHT)
    elif isinstance(record, Device) and (event.action == "create" or "risk" in event.before):
        _settle(record.org, RISKS)
    elif isinstance(record, Repair):
        _settle(record.org, HOURS)
    for proof in proofs:
        if isinstance(record, proof.follows):
            _settle(record.org, proof.code)


def _settle(unit: OrgUnit, metric: str) -> None:
    _follow(_proved().filter(org=unit, requirement__metric=metric))


def _proved() -> Any:
    rows = Statement.objects.unscoped().filter(archived_at=None, survey__archived_at=None)
    return rows.exclude(requirement__metric="").select_related("requirement", "org")


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
