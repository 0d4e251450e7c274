"""Dates that come near are on the desks of those who may edit, and told stage by stage, each stage once.

To-dos follow every change at once, in its transaction; messages are sent by a daily job, which also mends
what a changed lead time or a related record has altered. Both may be repeated: a to-do is open once, and a
message with the same key reaches a person once.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from django.db import models
from django.db.models import Q

from anlan.engines.audit.api import SYSTEM, Written, WrittenTogether
from anlan.engines.messaging.api import Message, declare_event, nearest_holders, send
from anlan.engines.registry.access import MASKED
from anlan.engines.registry.declaring import WATCH, Ledger
from anlan.engines.registry.known import ledger_of, ledgers
from anlan.engines.registry.lead_times import Lead, LeadTime, lead_at, leads_of
from anlan.engines.tasks.api import (
    SELF_REMINDED,
    Job,
    Todo,
    background,
    close_todos,
    declare_periodic,
    enqueue,
    open_todo,
    open_todos,
)
from anlan.kernel import clock, events

CHUNK = 500
declare_event(
    "registry.expiring",
    "certificate",
    "{what}{words}：{name}",
    "{unit} {name}，有效期到 {day}。",
    channels="sms wechat",
)


def todo_kind(ledger: Ledger) -> str:
    """The kind of the to-dos about the dates of a ledger."""
    return f"{SELF_REMINDED}{ledger.code}"


@cache
def dated_ledger(model: type[models.Model]) -> Ledger | None:
    """The ledger that reminds of the dates of a model."""
    found = ledger_of(model)
    return found if found is not None and found.expires and not found.readonly else None


def concerns(ledger: Ledger) -> Any:
    """Rows whose date matters: not archived, and watched."""
    return ledger.model.objects.unscoped().filter(ledger.watched, archived_at=None)


def left(day: date) -> int:
    """Days to go; negative after the last day."""
    return (day - clock.today()).days


def words_of(days: int) -> str:
    """The days to go in words."""
    if days < 0:
        return f"已过期 {-days} 天"
    return f"还有 {days} 天到期" if days else "今天到期"


def name_of(ledger: Ledger, record: Any) -> str:
    """The record by its first column, masked as in the list."""
    return str(MASKED.plain(ledger.column_data[0], record) or record.pk)


def verb_of(ledger: Ledger) -> str:
    """What is to be done about a date."""
    return "检验" if ledger.cycle else "续期"


def _due(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), clock.zone())


def follow(ledger: Ledger, record: Any, fresh: bool = False) -> None:
    """Put the record's date on desks, move it, or take it off; ``fresh`` records are on none yet."""
    day = getattr(record, ledger.expires)
    near = day is not None and left(day) <= lead_at(leads_of(ledger), record).days
    if near and concerns(ledger).filter(pk=record.pk).exists():
        title, url = f"{ledger.title}：{name_of(ledger, record)}", ledger.url_of(record)
        right = ledger.permission("edit")
        open_todo(
            record, todo_kind(ledger), title, url, verb=verb_of(ledger), permission=right, due_at=_due(day)
        )
    elif not fresh:
        close_todos(record, kinds=(todo_kind(ledger),))


@events.on(Written)
def follow_a_change(event: Written) -> None:
    """Handler: every write of a dated record settles its to-do; changed lead times settle all of them."""
    if isinstance(event.record, LeadTime):
        enqueue(SYSTEM, remind_of_dates)
    ledger = dated_ledger(type(event.record))
    if ledger is not None and not event.together:
        follow(ledger, event.record, fresh=event.action == "create")


@events.on(WrittenTogether)
def follow_new_rows(event: WrittenTogether) -> None:
    """Handler: puts the dates of many new records on desks, with the lead times read once."""
    ledger = dated_ledger(type(event.records[0]))
    if ledger is None:
        return
    found = leads_of(ledger)
    dated = [record for record in event.records if getattr(record, ledger.expires) is not None]
    near = [r for r in dated if left(getattr(r, ledger.expires)) <= lead_at(found, r).days]
    watched = set(concerns(ledger).filter(pk__in=[r.pk for r in near]).values_list("pk", flat=True))
    open_todos(_todo(ledger, record) for record in near if record.pk in watched)


def remind_all() -> int:
    """Settle every to-do and tell every stage that was reached and not told; returns the messages sent."""
    return sum(_remind(ledger) for ledger in ledgers if dated_ledger(ledger.model) is ledger)


def _remind(ledger: Ledger) -> int:
    found, told, near = leads_of(ledger), 0, set()
    for rows in _chunks(ledger, max(lead.longest for lead in found)):
        matters = [(row, lead_at(found, row), left(getattr(row, ledger.expires))) for row in rows]
        open_now = [row for row, lead, days in matters if days <= lead.days]
        near |= {row.pk for row in open_now}
        open_todos(_todo(ledger, row) for row in open_now)
        told += _tell(ledger, matters)
    _withdraw(ledger, near)
    return told


def _chunks(ledger: Ledger, days: int) -> Iterator[list[Any]]:
    last = clock.today() + timedelta(days=days)
    rows = concerns(ledger).filter(Q(**{f"{ledger.expires}__lte": last})).select_related(*ledger.needs)
    chunk: list[Any] = []
    for row in rows.order_by("pk").iterator(CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _todo(ledger: Ledger, row: Any) -> Todo:
    return Todo(
        model=row._meta.label_lower,
        object_id=row.pk,
        kind=todo_kind(ledger),
        title=f"{ledger.title}：{name_of(ledger, row)}"[:200],
        verb=verb_of(ledger),
        url=ledger.url_of(row),
        org=row.org,
        permission=ledger.permission("edit"),
        due_at=_due(getattr(row, ledger.expires)),
    )


def _withdraw(ledger: Ledger, near: set[int]) -> None:
    """Close the to-dos of rows that are near no more."""
    rows = Todo.objects.filter(kind=todo_kind(ledger), closed_at=None)
    gone = [pk for pk, matter in rows.values_list("pk", "object_id") if matter not in near]
    for first in range(0, len(gone), CHUNK):
        Todo.objects.filter(pk__in=gone[first : first + CHUNK]).update(closed_at=clock.now())


def _tell(ledger: Ledger, matters: list[tuple[Any, Lead, int]]) -> int:
    reached = {}
    for row, lead, days in matters:
        stage = lead.stage(days)
        if stage is not None:
            reached[_key(ledger, row, stage)] = row
    known = set(Message.objects.filter(key__in=reached).values_list("key", flat=True))
    return sum(_send(ledger, row, key) for key, row in reached.items() if key not in known)


def _key(ledger: Ledger, row: Any, stage: int) -> str:
    return f"expiry:{row._meta.label_lower}:{row.pk}:{getattr(row, ledger.expires):%Y%m%d}:{stage}"


def _send(ledger: Ledger, row: Any, key: str) -> int:
    day = getattr(row, ledger.expires)
    said = {"what": ledger.title, "name": name_of(ledger, row), "unit": row.org, "day": day}
    people = [
        person for verb in ("edit", WATCH) for person in nearest_holders(row.org, ledger.permission(verb))
    ]
    context = {**said, "words": words_of(left(day))}
    return send("registry.expiring", people, row, url=ledger.url_of(row), key=key, context=context)


@background("检查到期日期")
def remind_of_dates(job: Job) -> dict[str, Any]:
    """The daily round."""
    return {"told": remind_all()}


declare_periodic("registry.dates", "30 6 * * *", remind_of_dates)
