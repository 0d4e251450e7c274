"""Rounds of a route: planned by its times, judged by the stamps that count, missed ones told once (N1.19)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from anlan.base.school_days import SchoolDays
from anlan.domains.patrols.routes import Point, Route, Stamp
from anlan.engines.audit.api import SYSTEM, Actor, change, create
from anlan.engines.messaging.api import declare_event, declare_kind, holders_at, send
from anlan.engines.org.api import Record, declare_permission
from anlan.engines.tasks.api import Job, background, declare_periodic
from anlan.kernel import clock
from anlan.kernel.errors import Conflict
from anlan.shell.deadlines import local

OPEN, DONE, INCOMPLETE, MISSED = "open", "done", "incomplete", "missed"
STATES = [(OPEN, "进行中"), (DONE, "走完"), (INCOMPLETE, "没走完"), (MISSED, "漏巡")]
FAILED = (INCOMPLETE, MISSED)
JUDGE = declare_permission(
    "patrols.stamps.judge", "巡查打卡：核实、接收漏巡提醒", ("school_safety", "school_head")
).code
declare_kind("patrol", "巡查")
declare_event(
    "patrols.missed", "patrol", "{what}：{route}", "{school}{round}，{begins} 开始，{points}。", channels="wechat"
)  # fmt: skip


@dataclass(frozen=True)
class Slot:
    """When a round is to be walked: it takes stamps from ``opens`` until ``closes``, those after ``ends_at`` late."""

    day: date
    number: int
    opens: datetime
    begins_at: datetime
    ends_at: datetime
    closes: datetime


@dataclass
class Walked:
    """How a round was walked; ``rows`` say of each point its stamp and state."""

    state: str
    late: bool = False
    quick: bool = False
    skipped: str = ""
    rows: list[dict[str, Any]] = field(default_factory=list)

    def stored(self) -> dict[str, Any]:
        """What is kept of it."""
        return {"state": self.state, "late": self.late, "quick": self.quick, "skipped": self.skipped[:500]}


class Round(Record):
    """A round of a route on a day, as far as it was walked; ``skipped`` names the points that are lacking."""

    route = models.ForeignKey(Route, models.PROTECT, related_name="rounds", verbose_name="路线")
    day = models.DateField("日期", db_index=True)
    number = models.PositiveSmallIntegerField("第几轮")
    begins_at = models.DateTimeField("应开始")
    ends_at = models.DateTimeField("应走完")
    state = models.CharField("结果", max_length=10, choices=STATES, default=OPEN, db_index=True)
    late = models.BooleanField("迟到", default=False, db_index=True)
    quick = models.BooleanField("过快", default=False, db_index=True)
    skipped = models.CharField("漏掉的点位", max_length=500, blank=True)
    alerted_at = models.DateTimeField("提醒时间", null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = "巡查轮次"
        ordering = ["-begins_at"]
        constraints = [
            models.UniqueConstraint(fields=["route", "day", "number"], name="patrols_round_once"),
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.day:%m-%d} 第 {self.number} 轮"

    def get_absolute_url(self) -> str:
        """The round's page."""
        return f"/patrols/rounds/{self.pk}/"


def slots(route: Route, day: date) -> list[Slot]:
    """The rounds of a day, in order."""
    begins = [datetime.combine(day, at, clock.zone()) for at in route.times()]
    midnight = datetime.combine(day, time(), clock.zone())
    bounds = [midnight, *begins[1:], midnight + timedelta(days=1)]
    last = datetime.combine(day, route.ends_at, clock.zone())
    found = []
    for number, (begin, (opens, closes)) in enumerate(zip(begins, pairwise(bounds), strict=True), 1):
        over = min(closes, last)
        ends = min(over, begin + timedelta(minutes=route.limit_minutes)) if route.limit_minutes else over
        found.append(Slot(day, number, opens, begin, ends, closes))
    return found


def slot_at(route: Route, at: datetime) -> Slot:
    """The round a moment belongs to."""
    day = at.astimezone(clock.zone()).date()
    return [slot for slot in slots(route, day) if slot.opens <= at][-1]


def points_of(route: Route) -> list[Point]:
    """Its points in order."""
    return list(Point.objects.unscoped().filter(route=route, archived_at=None).order_by("number"))


def stamps_of(route: Route, day: date) -> list[Stamp]:
    """What was handed in for a day, in order of time."""
    rows = Stamp.objects.unscoped().filter(route=route, day=day)
    return list(rows.select_related("person").order_by("at", "pk"))


def judged(slot: Slot, route: Route, points: Sequence[Point], stamps: Sequence[Stamp]) -> Walked:
    """How the round was walked, by its first stamp at each point that counts."""
    within = [stamp for stamp in stamps if slot.opens <= stamp.at < slot.closes]
    counted: dict[int, Stamp] = {}
    others: dict[int, Stamp] = {}
    for stamp in within:
        (counted if stamp.counts else others).setdefault(stamp.point_id, stamp)
    over = clock.now() > slot.ends_at
    rows = [_row(slot, point, counted.get(point.pk), others.get(point.pk), over) for point in points]
    lacking = [row["point"].name for row in rows if row["state"] not in ("done", "late")]
    first = sorted(counted.values(), key=lambda stamp: stamp.at)
    found = Walked(DONE if points and not lacking else OPEN, rows=rows)
    if lacking and over:
        found.state = INCOMPLETE if len(lacking) < len(points) else MISSED
        found.skipped = "、".join(lacking)
    found.late = any(stamp.at > slot.ends_at for stamp in first)
    least = timedelta(minutes=route.least_minutes)
    found.quick = any(later.at - earlier.at < least for earlier, later in pairwise(first))
    return found


def _row(slot: Slot, point: Point, stamp: Stamp | None, other: Stamp | None, over: bool) -> dict[str, Any]:
    if stamp:
        state = "late" if stamp.at > slot.ends_at else "done"
    else:
        state = "doubtful" if other else ("missed" if over else "open")
    return {"point": point, "stamp": stamp or other, "state": state}


def rounds_on(route: Route, day: date) -> list[tuple[Slot, Walked]]:
    """The rounds of a day as they stand now; none on a day that is not asked for, unless somebody walked."""
    points, stamps = points_of(route), stamps_of(route, day)
    if not stamps and not planned(route, day):
        return []
    return [(slot, judged(slot, route, points, stamps)) for slot in slots(route, day)]


def planned(route: Route, day: date, days: SchoolDays | None = None) -> bool:
    """Whether the route is to be walked on the day."""
    return not route.school_days or (days or SchoolDays(day, day)).taught(route.org, day)


@transaction.atomic
def settle(actor: Actor, route: Route, slot: Slot) -> Round:
    """Bring the round's row in line with its stamps; whoever comes second waits for the first."""
    Route.unguarded.select_for_update().get(pk=route.pk)
    values = judged(slot, route, points_of(route), stamps_of(route, slot.day)).stored()
    row: Round | None = Round.objects.unscoped().filter(route=route, day=slot.day, number=slot.number).first()
    if row is None:
        times = {"begins_at": slot.begins_at, "ends_at": slot.ends_at}
        said = {"org": route.org, "route": route, "day": slot.day, "number": slot.number}
        return create(actor, Round(**said, **times, **values))
    return change(actor, row, values)


def settle_ended() -> int:
    """Settle every round that is over and tell of those not walked, once each; how many were told."""
    now, today = clock.now(), clock.today()
    days = (today - timedelta(days=1), today)
    calendar = SchoolDays(*days)
    rows = Route.objects.unscoped().filter(archived_at=None, points__archived_at=None).distinct()
    known = set(
        Round.objects.unscoped().filter(day__in=days).exclude(Q(state=OPEN) | Q(state__in=FAILED, alerted_at=None))
        .values_list("route", "day", "number")
    )  # fmt: skip
    ended = [
        (route, slot)
        for route in rows.select_related("org")
        for slot in _ended(route, days, now, calendar)
        if (route.pk, slot.day, slot.number) not in known
    ]
    return sum(_told(settle(SYSTEM, route, slot)) for route, slot in ended)


def _ended(route: Route, days: Sequence[date], now: datetime, calendar: SchoolDays) -> Iterator[Slot]:
    for day in days:
        if planned(route, day, calendar):
            yield from (
                one for one in slots(route, day) if route.created_at < one.begins_at and one.ends_at < now
            )


def _told(row: Round) -> int:
    """Tell the school of a round that was not walked; once, however many rounds of the clock ask."""
    if row.state not in FAILED or row.alerted_at:
        return 0
    try:
        change(SYSTEM, row, {"alerted_at": clock.now()}, action="miss", expect=Q(alerted_at=None))
    except Conflict:
        return 0
    said = {
        "what": row.get_state_display(), "route": row.route.name, "school": str(row.org), "round": str(row),
        "begins": f"{local(row.begins_at):%H:%M}", "points": f"漏掉 {row.skipped}",
    }  # fmt: skip
    send("patrols.missed", holders_at([row.org], JUDGE), row, key=f"patrols.missed:{row.pk}", context=said)
    return 1


@background("巡查轮次核对")
def settle_round(job: Job) -> dict[str, Any]:
    """The round of every five minutes."""
    return {"told": settle_ended()}


declare_periodic("patrols.missed", "*/5 * * * *", settle_round)
