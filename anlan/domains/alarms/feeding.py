"""Taking records of attendance and visitors from a source, each once; releasing those held back (SAF.01)."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_date, parse_datetime

from anlan.base.people import Person
from anlan.domains.alarms.feed_records import DROPPED, KINDS, RELEASED, STATUSES, FeedRecord, HeldRecord
from anlan.domains.alarms.passes import Pass, PersonClass
from anlan.domains.alarms.sources import Source
from anlan.engines.audit.api import SYSTEM, Actor, change, claim, create
from anlan.engines.org.api import Kind, OrgUnit
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected

OLDEST = timedelta(days=366)
MOST_NUMBER = 80
ATTENDING = [code for code, _ in STATUSES if code != "visited"]
TEXTS = {"card": 40, "person": 40, "host": 40, "purpose": 100}


@dataclass(frozen=True)
class Outcome:
    """What became of a record: taken, known, amended or held; why it is held."""

    status: str
    why: str = ""


def facts_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record as sent; Rejected for one that says too little, or what cannot be."""
    texts = {name: str(record.get(name) or "").strip() for name in TEXTS}
    number, kind = str(record.get("id") or ""), str(record.get("kind") or "")
    if not 0 < len(number) <= MOST_NUMBER:
        raise Rejected({"id": "缺少记录号，或超过 80 个字"})
    if kind not in dict(KINDS):
        raise Rejected({"kind": "类别只能是 attendance 或 visitor"})
    if long := [name for name, most in TEXTS.items() if len(texts[name]) > most]:
        raise Rejected({long[0]: f"{long[0]} 太长"})
    at = _moment(record.get("at"))
    status = "visited" if kind == "visitor" else str(record.get("status") or "")
    if kind == "attendance" and status not in ATTENDING:
        raise Rejected({"status": f"情况只能是 {'、'.join(ATTENDING)}"})
    if not texts["card" if kind == "attendance" else "person"]:
        raise Rejected({"person": "考勤要有卡号，访客要有姓名"})
    day = _day(record.get("day"), at)
    unit = str(record.get("unit") or "")[:40]
    return texts | {"number": number, "kind": kind, "at": at, "day": day, "status": status, "unit_code": unit}


def _moment(said: Any) -> datetime | None:
    if said is None:
        return None
    try:
        at = parse_datetime(str(said))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None or at > clock.now() + timedelta(minutes=5):
        raise Rejected({"at": "时间格式不对（要带时区），或在将来"})
    return at


def _day(said: Any, at: datetime | None) -> date:
    """The day said, or that of the moment; both have to agree."""
    there = at.astimezone(clock.zone()).date() if at else None
    try:
        day = parse_date(str(said)) if said else there
    except ValueError:
        day = None
    if day is None or (there and day != there):
        raise Rejected({"day": "缺少日期、格式不对，或与时间不一致"})
    if not clock.today() - OLDEST <= day <= clock.today():
        raise Rejected({"day": "日期在将来，或早于一年前"})
    return day


@dataclass(frozen=True)
class _Place:
    """Where a record belongs and whose it is, or why that is not known."""

    unit: OrgUnit | None
    why: str = ""
    person_class: str = PersonClass.VISITOR
    person: str = ""


def _place(source: Source, facts: Mapping[str, Any]) -> _Place:
    schools = OrgUnit.objects.filter(path__startswith=source.org.path, kind=Kind.SCHOOL, closed_on=None)
    code = facts["unit_code"]
    unit = schools.filter(code=code).first() if code else schools.filter(pk=source.org_id).first()
    if unit is None:
        return _Place(None, f"没有这所学校：{code}" if code else "没有写明学校代码")
    if facts["kind"] == "visitor":
        host = facts["host"]
        known = Person.objects.unscoped().filter(org=unit, name=host, archived_at=None).exists()
        why = "本校没有这位受访人" if host and not known else ""
        return _Place(unit, why, PersonClass.VISITOR, facts["person"])
    found = Pass.objects.unscoped().filter(org=unit, card=facts["card"], archived_at=None).first()
    if found is None:
        return _Place(unit, "本校没有登记这个卡号")
    why = "访客卡不计考勤" if found.person_class == PersonClass.VISITOR else ""
    return _Place(unit, why, found.person_class, found.holder)


@transaction.atomic
def take(actor: Actor, source: Source, facts: dict[str, Any]) -> Outcome:
    """Put a record where it belongs, or hold it back; sent again it is known, unless it was held and is not now."""
    name = hashlib.sha256(f"feed:{source.pk}:{facts['number']}".encode()).hexdigest()
    rows = HeldRecord.objects.unscoped().select_for_update(of=("self",))
    fresh = claim(SYSTEM, name) is not None
    held = rows.filter(source=source, number=facts["number"], archived_at=None).first()
    if not fresh and (held is None or not held.waits):
        return Outcome("known")
    place = _place(source, facts)
    if place.why:
        said = facts | {"why": place.why}
        if held is None:
            create(actor, HeldRecord(org=place.unit or source.org, source=source, **said))
        else:
            change(actor, held, said | {"org": place.unit or source.org})
        return Outcome("held", place.why)
    record, status = _put(actor, source, place, facts)
    if held is not None:
        change(actor, held, {"state": RELEASED, "record": record}, action="release")
    return Outcome(status)


def _put(actor: Actor, source: Source, place: _Place, facts: dict[str, Any]) -> tuple[FeedRecord, str]:
    """The record at its school: a new one, or the one of this person and day brought to what is said now."""
    said = {name: value for name, value in facts.items() if name != "unit_code"}
    said |= {"person": place.person, "person_class": place.person_class}
    name = f"visitor:{source.pk}:{facts['number']}"
    if facts["kind"] == "attendance":
        name = f"attendance:{facts['day']}:{facts['card']}"
    key = hashlib.sha256(name.encode()).hexdigest()
    there = FeedRecord.objects.unscoped().filter(org=place.unit, key=key).first()
    if there is None:
        return create(actor, FeedRecord(org=place.unit, source=source, key=key, **said)), "taken"
    if there.status == said["status"]:
        return there, "known"
    return change(actor, there, {"status": said["status"], "at": said["at"]}), "amended"


NAMES = ("number", "kind", "at", "day", "status", "unit_code", *TEXTS)


@transaction.atomic
def release(actor: Actor, held: HeldRecord) -> FeedRecord:
    """Put a record held back where it belongs by now; Conflict with the reason while that is still not known."""
    fresh = HeldRecord.objects.unscoped().select_for_update(of=("self",)).select_related("source__org").get(
        pk=held.pk
    )  # fmt: skip
    if not fresh.waits:
        raise Conflict("这条记录已经处理过")
    facts = {name: getattr(fresh, name) for name in NAMES}
    place = _place(fresh.source, facts)
    if place.why:
        raise Conflict(f"还不能入库：{place.why}")
    record, _ = _put(actor, fresh.source, place, facts)
    change(actor, fresh, {"state": RELEASED, "record": record}, action="release")
    return record


def drop(actor: Actor, held: HeldRecord, note: str) -> None:
    """Leave a record out for good, with the reason."""
    if not held.waits:
        raise Conflict("这条记录已经处理过")
    change(actor, held, {"state": DROPPED, "note": note}, action="drop")
