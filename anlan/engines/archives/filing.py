"""Filing: what ends goes into the archive in the same transaction, what is taken up again leaves it (X.17)."""

from typing import Any

from django.db.models import Exists, OuterRef

from anlan.engines.archives.holdings import Holding
from anlan.engines.archives.holds import is_held
from anlan.engines.archives.keeping import KeepingTime, Times
from anlan.engines.archives.matters import Matter, matter_of, matters
from anlan.engines.audit.api import SYSTEM, Written, WrittenTogether, change, create, create_all
from anlan.engines.registry.api import MASKED
from anlan.engines.tasks.api import Job, background, enqueue
from anlan.kernel import clock, events
from anlan.kernel.school_years import school_year

CHUNK = 500


@events.on(Written)
def follow(event: Written) -> None:
    """Handler: a row has ended, or has been taken up again."""
    matter = matter_of(type(event.record))
    if matter is None or event.together or not (event.after.keys() & {"state", "archived_at"}):
        return
    if matter.holds(event.record):
        file(matter, event.record)
    elif matter.over(event.before.get("state")):
        take_out(matter, event.record)


@events.on(WrittenTogether)
def follow_all(event: WrittenTogether) -> None:
    """Handler: rows that came ended."""
    matter = matter_of(type(event.records[0]))
    ended = [record for record in event.records if matter and matter.holds(record)]
    if matter is not None and ended:
        times = Times()
        create_all(SYSTEM, [new_holding(matter, record, times) for record in ended], action="file")


def title_of(matter: Matter, record: Any) -> str:
    """What the list of its ledger shows first, masked; the words of the record where that is worked out."""
    first = matter.owner.column_data[0]
    shown = MASKED.plain(first, record) if first.field is not None else record
    return str(shown or record)[:200]


def new_holding(matter: Matter, record: Any, times: Times) -> Holding:
    """The line for a row that has ended now, or was ended when it was last changed."""
    day = record.updated_at.astimezone(clock.zone()).date()
    made = Holding(
        org=record.org,
        ledger=matter.ledger,
        object_id=record.pk,
        kind=matter.kind,
        title=title_of(matter, record),
        year=school_year(day),
        ended_on=day,
        keep_until=times.until(record.org, matter.kind, day),
    )
    made.held = is_held(made)
    return made


def file(matter: Matter, record: Any) -> None:
    """Put a row into the archive, or put it back there."""
    there = Holding.objects.unscoped().filter(ledger=matter.ledger, object_id=record.pk).first()
    fresh = new_holding(matter, record, Times())
    if there is None:
        create(SYSTEM, fresh, action="file")
    elif not there.filed:
        said = {name: getattr(fresh, name) for name in ("title", "year", "ended_on", "keep_until", "held")}
        change(SYSTEM, there, said | {"filed": True}, action="file")


def take_out(matter: Matter, record: Any) -> None:
    """The matter has been taken up again."""
    there = Holding.objects.unscoped().filter(ledger=matter.ledger, object_id=record.pk, filed=True).first()
    if there is not None:
        change(SYSTEM, there, {"filed": False}, action="take_out")


def file_missing() -> int:
    """File rows that ended before there was an archive; returns how many."""
    return sum(_file_missing(matter) for matter in matters if not matter.why_not)


def _file_missing(matter: Matter) -> int:
    known = Holding.objects.unscoped().filter(ledger=matter.ledger, object_id=OuterRef("pk"))
    rows = matter.owner.model.objects.unscoped().filter(matter.condition & ~Exists(known))
    times, number = Times(), 0
    while found := list(rows.select_related(*matter.owner.needs).order_by("pk")[:CHUNK]):
        create_all(SYSTEM, [new_holding(matter, row, times) for row in found], action="file")
        number += len(found)
    return number


@events.on(Written)
def follow_times(event: Written) -> None:
    """Handler: a new keeping time counts for what is in the archive already."""
    if isinstance(event.record, KeepingTime):
        enqueue(SYSTEM, reckon_again, kind=event.record.kind)


@background("重新推算保存期限")
def reckon_again(job: Job, kind: str) -> dict[str, Any]:
    """Last days of a kind after its keeping time was changed; may be repeated."""
    times, touched = Times(), 0
    rows = Holding.objects.unscoped().filter(kind=kind, gone_at=None).select_related("org")
    for row in rows.iterator(CHUNK):
        until = times.until(row.org, kind, row.ended_on)
        if until != row.keep_until:
            change(SYSTEM, row, {"keep_until": until}, action="reckon")
            touched += 1
    return {"rows": touched}
