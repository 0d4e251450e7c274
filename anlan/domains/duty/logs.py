"""The log of a shift: rounds, visitors, calls, events, instructions, all is well, incidents (S04.4)."""

import re
from datetime import datetime, time, timedelta
from typing import Any

from django.db import models, transaction

from anlan.base.happening import Happened, Recorded
from anlan.domains.duty.day_calendar import ONE, moment
from anlan.domains.duty.rosters import OUT, Turn, Watch
from anlan.engines.audit.api import Actor, change, create
from anlan.engines.messaging.api import declare_event, holders_at, send
from anlan.engines.registry.api import Entry
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Rejected

CALM, INCIDENT = "calm", "incident"
KINDS = [
    ("round", "巡查"),
    ("visitor", "来访"),
    ("call", "来电"),
    ("event", "事项"),
    ("instruction", "上级指示"),
    (CALM, "平安报告"),
    (INCIDENT, "突发情况"),
]
CLOCK = re.compile(r"\b(?:[01]\d|2[0-3]):[0-5]\d\b")
AROUND = timedelta(hours=2)
EARLY, LATE = timedelta(hours=1), timedelta(minutes=30)
declare_event(
    "duty.incident", "incident", "值班突发情况：{school}", "{who}：{text}", channels="sms wechat", urgent=True
)


class LogEntry(Entry):
    """A line of the log of a shift; written once, by somebody who is on it."""

    OWNER = "created_by"

    watch = models.ForeignKey(Watch, models.PROTECT, related_name="log", verbose_name="班次")
    kind = models.CharField("类别", max_length=12, choices=KINDS, db_index=True)
    at = models.DateTimeField("时间", default=clock.now, db_index=True)
    text = models.CharField("内容", max_length=300, blank=True)
    incident_url = models.CharField("安全事件", max_length=100, blank=True, editable=False)

    class Meta(Entry.Meta):
        verbose_name = "值班日志"
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["watch", "at"], name="duty_log_of_watch")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.text or '无异常'}"[:60]


def turn_in(watch: Watch, user: Any) -> Turn | None:
    """The person's own turn in the shift."""
    rows = Turn.objects.unscoped().filter(watch=watch, account=user, archived_at=None)
    found: Turn | None = rows.select_related(
        "watch__roster", "watch__place", "org", "person", "roster"
    ).first()
    return found


@transaction.atomic
def write(
    actor: Actor, watch: Watch, kind: str, text: str = "", at: datetime | None = None, **more: Any
) -> LogEntry:
    """A line of the log. Conflict for somebody who is not on the shift or far from its time; an incident opens its
    record and alarms the school's head at once.
    """
    at = at or clock.now()
    if turn_in(watch, actor.user) is None or watch.roster.state not in OUT:
        raise Conflict("您不在这一班")
    if not watch.begins_at - AROUND <= at <= watch.ends_at + AROUND:
        raise Conflict("不在这一班的时间里")
    if watch.handed_at:
        raise Conflict("这一班已经交班，日志不能再写")
    if kind != CALM and not text.strip():
        raise Rejected({"text": "请写明情况"})
    if at > clock.now() + timedelta(minutes=5):
        raise Rejected({"at": "时间不能晚于现在"})
    entry = create(actor, LogEntry(org=watch.org, watch=watch, kind=kind, text=text.strip(), at=at, **more))
    if kind == INCIDENT:
        _raise(actor, entry)
    return entry


def _raise(actor: Actor, entry: LogEntry) -> None:
    place = str(entry.watch.place or "")
    title, happened = f"值班突发情况：{entry.text}", min(entry.at, clock.now())
    events.publish(Happened(actor, entry, title, entry.text, happened, place))
    said = {"school": str(entry.org), "who": actor.name, "text": entry.text}
    send("duty.incident", holders_at([entry.org], "duty.rosters.publish"), entry, context=said)


@events.on(Recorded)
def link_incident(event: Recorded) -> None:
    """The line leads to the record made of it."""
    if isinstance(event.record, LogEntry):
        change(event.actor, event.record, {"incident_url": event.url}, action="link")


def times_to_report(watch: Watch) -> list[tuple[datetime, bool]]:
    """Set times at which all is said to be well (or what happened), each with whether it was said in time."""
    found = []
    said = list(LogEntry.objects.unscoped().filter(watch=watch, kind__in=(CALM, INCIDENT), archived_at=None))
    for words in CLOCK.findall(watch.reports):
        due = moment(watch.day, time.fromisoformat(words))
        due += ONE if due < watch.begins_at else timedelta()
        found.append((due, any(due - EARLY <= one.at <= due + LATE for one in said)))
    return sorted(found)
