"""What schools state and inspectors find, statement by statement; an unmet must becomes a hazard (N1.07)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction

from anlan.base.found import Filed, Found
from anlan.domains.site_security.laying_out import contradiction, must_be
from anlan.domains.site_security.recorded import needless, settled, source_of, standing
from anlan.domains.site_security.surveys import OPEN_TO_SCHOOL, STATED, UNMET, Statement, Survey, Verdict
from anlan.engines.audit.api import Actor, change
from anlan.engines.files.api import attach, attachments_of, attachments_of_many
from anlan.engines.org.api import declare_permission, require
from anlan.kernel import events
from anlan.kernel.errors import Conflict, Forbidden, Rejected

STATE = declare_permission(
    "site_security.surveys.state", "防护对照：学校填报", ("school_safety", "school_head")
).code
CHECK = declare_permission(
    "site_security.surveys.check", "防护对照：核对", ("inspector", "bureau_safety", "team_admin")
).code
TECH = "tech"
UNMET_NOW = [verdict for verdict in UNMET if verdict != Verdict.UNPROVED]


@dataclass(frozen=True)
class Said:
    """What was filled in for one statement."""

    verdict: str = ""
    note: str = ""
    device: str = ""
    value: Decimal | None = None
    files: list[Any] = field(default_factory=list)


def _may(actor: Actor, right: str, survey: Survey) -> None:
    if not require(actor.user, right).covers(survey.org.path):
        raise Forbidden(right)


def _rows(survey: Survey, said: Mapping[int, Said]) -> dict[int, Statement]:
    rows = Statement.objects.unscoped().filter(survey=survey, archived_at=None, pk__in=said)
    found = {row.pk: row for row in rows.select_related("requirement", "org", "survey")}
    if missing := set(said) - set(found):
        raise Rejected({f"verdict-{pk}": "没有这一条要求" for pk in missing})
    return found


@transaction.atomic
def state(actor: Actor, survey: Survey, said: Mapping[int, Said]) -> None:
    """Store the school's statements; nothing at all when one of them is refused (Rejected by field)."""
    _may(actor, STATE, survey)
    must_be(survey, *OPEN_TO_SCHOOL)
    rows = _rows(survey, said)
    proofs = attachments_of_many(list(rows.values()), "proof")
    faults: dict[str, str] = {}
    for pk, one in said.items():
        faults |= fault_of(rows[pk], one, bool(proofs.get(pk) or one.files))
    if faults:
        raise Rejected(faults)
    for pk, one in said.items():
        for file in one.files:
            attach(actor, rows[pk], file, "proof")
        said_of = {"note": one.note.strip(), "device": one.device.strip(), "value": one.value}
        _store(actor, rows[pk], said_of | {"verdict": one.verdict or by_value(rows[pk], one.value)})


def fault_of(row: Statement, said: Said, pictures: bool) -> dict[str, str]:
    """What is wrong with one statement of the school, by field."""
    if said.verdict not in ("", *dict(STATED)):
        return {f"verdict-{row.pk}": "请选择"}
    if needless(row.requirement, row.org):
        return {}
    if said.verdict == Verdict.NOT_APPLICABLE:
        return _excuse_fault(row, said.note, "verdict", "note")
    found = standing(row.requirement, row.org)
    if found is not None:
        return _against_records(row, said.verdict, found)
    return _against_value(row, said) or _unproved(row, said, pictures)


def _unproved(row: Statement, said: Said, pictures: bool) -> dict[str, str]:
    met = (said.verdict or by_value(row, said.value)) == Verdict.MET
    if met and not pictures and not said.device.strip():
        return {f"device-{row.pk}": "达到要求要有照片，或写明设备名称和编号"}
    return {}


def by_value(row: Statement, value: Decimal | None) -> str:
    """The answer a recorded value gives; empty without one."""
    if value is None or row.requirement.bound is None:
        return ""
    return Verdict.MET if row.requirement.reached(value) else Verdict.NOT_MET


def _against_records(row: Statement, verdict: str, found: str) -> dict[str, str]:
    if verdict == Verdict.MET and found:
        return {f"verdict-{row.pk}": f"{found}，不能填“达到”"}
    if verdict in (Verdict.PARTLY, Verdict.NOT_MET) and not found:
        return {f"verdict-{row.pk}": f"按{source_of(row.requirement)}已经达到，不能改填"}
    return {}


def _against_value(row: Statement, said: Said) -> dict[str, str]:
    """A requirement with a threshold is answered by the value, not by a word."""
    if row.requirement.bound is None:
        return {}
    if said.verdict and said.value is None:
        return {f"value-{row.pk}": f"请填登记值（{row.requirement.unit}）"}
    if said.value is not None and said.value < 0:
        return {f"value-{row.pk}": "不能小于 0"}
    if said.verdict and by_value(row, said.value) != said.verdict:
        words = f"登记值 {said.value} {row.requirement.unit}，要求{row.requirement.limit}"
        return {f"verdict-{row.pk}": f"{words}，不能填“{Verdict(said.verdict).label}”"}
    return {}


def _excuse_fault(row: Statement, note: str, verdict: str, words: str) -> dict[str, str]:
    if not row.requirement.condition:
        return {f"{verdict}-{row.pk}": "标准不允许这一条不适用"}
    if why := contradiction(row.survey, row.requirement):
        return {f"{verdict}-{row.pk}": f"{why}，不能填“不适用”"}
    return {} if note.strip() else {f"{words}-{row.pk}": "请写明不适用的理由"}


def _store(actor: Actor, row: Statement, values: dict[str, Any]) -> None:
    verdict, checked = values.get("verdict", row.verdict), values.get("checked", row.checked)
    change(actor, row, values | {"result": settled(row, verdict, checked)})


@transaction.atomic
def check(actor: Actor, survey: Survey, said: Mapping[int, Said]) -> None:
    """Store what the inspector found: the same as the school, or a correction with its reason."""
    _may(actor, CHECK, survey)
    must_be(survey, "submitted")
    rows, faults = _rows(survey, said), {}
    for pk, one in said.items():
        if one.verdict not in ("", *dict(STATED)):
            faults[f"checked-{pk}"] = "请选择"
        elif one.verdict == Verdict.NOT_APPLICABLE and not rows[pk].requirement.condition:
            faults[f"checked-{pk}"] = "标准不允许这一条不适用"
        elif one.verdict == Verdict.MET and (why := standing(rows[pk].requirement, rows[pk].org)):
            faults[f"checked-{pk}"] = f"{why}，不能核对为“达到”"
        elif one.verdict not in ("", rows[pk].verdict) and not one.note.strip():
            faults[f"checked_note-{pk}"] = "与学校填报不同，请写明理由"
    if faults:
        raise Rejected(faults)
    for pk, one in said.items():
        _store(actor, rows[pk], {"checked": one.verdict, "checked_note": one.note.strip()})


def accept_rest(actor: Actor, survey: Survey) -> None:
    """Confirming the survey confirms every statement nobody corrected."""
    rows = Statement.objects.unscoped().filter(survey=survey, archived_at=None, checked="")
    for row in rows.exclude(verdict="").select_related("requirement", "org"):
        _store(actor, row, {"checked": row.verdict})


def becomes_hazard(row: Statement) -> bool:
    """An unmet must-item that is no hazard yet; an unmet should-item stays advice."""
    return row.archived_at is None and row.level == "must" and row.result in UNMET_NOW and not row.hazard_url


@transaction.atomic
def to_hazard(actor: Actor, row: Statement, category: Any) -> str:
    """Make a hazard of an unmet must-item, once; its address."""
    fresh: Statement = Statement.objects.unscoped().select_for_update().get(pk=row.pk)
    if fresh.hazard_url:
        return fresh.hazard_url
    if not becomes_hazard(fresh):
        raise Conflict("只有没达到的“应”项可以转为隐患；“宜”项是建议")
    title = f"{fresh.where}：{fresh.requirement.text}"[:120]
    detail = f"{fresh.requirement.text}\n{fresh.checked_note or fresh.note}".strip()
    proofs = [one for one in attachments_of(fresh, "proof") if one.is_picture]
    events.publish(Found(actor, fresh, TECH, title, category.code, detail, fresh.where, pictures=proofs))
    return fresh.hazard_url


@events.on(Filed)
def link(event: Filed) -> None:
    """The statement leads to the hazard made of it."""
    if isinstance(event.record, Statement):
        change(event.actor, event.record, {"hazard_url": event.url}, action="raise")
