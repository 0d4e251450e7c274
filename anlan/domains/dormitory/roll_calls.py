"""The nightly roll call of a building, and who was not there until accounted for (D17.3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from anlan.domains.dormitory.boarders import Boarder
from anlan.domains.dormitory.buildings import Building, in_use
from anlan.domains.dormitory.keepers import on_duty
from anlan.domains.dormitory.leaves import Leave, covers
from anlan.domains.dormitory.rules import RuleBook, rules_at, sleeps_here
from anlan.domains.dormitory.stays import Stay, on_night
from anlan.engines.audit.api import SYSTEM, Actor, change, create_all
from anlan.engines.messaging.api import declare_event, holders, send
from anlan.engines.org.api import declare_permission
from anlan.engines.registry.api import Entry
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected

MARKS = [("present", "在"), ("leave", "请假"), ("late", "晚归"), ("missing", "未归")]
TAKE = declare_permission(
    "dormitory.roll_calls.take", "晚点名：点名", ("dorm_keeper", "school_safety", "school_head")
).code
CLOSE = declare_permission(
    "dormitory.absences.close",
    "晚点名未归：说明去向销案",
    ("dorm_keeper", "school_safety", "school_head", "staff"),
).code
ESCALATED = declare_permission(
    "dormitory.absences.receive", "晚点名未归：接收升级预警", ("school_head", "bureau_safety")
).code
declare_event(
    "dormitory.missing",
    "incident",
    "晚点名未归：{who}",
    "{place}，{at}点名未到，没有请假。请立即查找，查明后说明去向销案。",
    channels="sms wechat",
    urgent=True,
)
declare_event(
    "dormitory.still_missing",
    "incident",
    "未归仍未查明：{who}",
    "{place}，{at}点名未到，至今没有说明去向。",
    channels="sms wechat",
    urgent=True,
)


def user_field(title: str) -> Any:
    """Somebody who signed for it."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=title
    )  # fmt: skip


def count_field(title: str) -> Any:
    """How many boarders."""
    return models.PositiveSmallIntegerField(title, default=0, editable=False)


class RollCall(Entry):
    """The roll of one building in one night; those present are a number, all others a row of their own."""

    building = models.ForeignKey(Building, models.PROTECT, related_name="roll_calls", verbose_name="宿舍楼")
    night = models.DateField("日期", db_index=True)
    due_at = models.DateTimeField("截止时间", db_index=True)
    taken_at = models.DateTimeField("点名时间", null=True, editable=False, db_index=True)
    taken_by = user_field("点名人")
    present = count_field("在")
    leave = count_field("请假")
    late = count_field("晚归")
    missing = count_field("未归")
    warned_at = models.DateTimeField("未点名提醒时间", null=True, editable=False)

    class Meta(Entry.Meta):
        verbose_name = "晚点名"
        ordering = ["-night", "building"]
        constraints = [models.UniqueConstraint(fields=["building", "night"], name="dormitory_roll_call_once")]

    def __str__(self) -> str:
        return f"{self.building} {self.night:%m-%d}晚点名"

    @property
    def open(self) -> bool:
        """Still to be taken."""
        return self.taken_at is None

    @property
    def overdue(self) -> bool:
        """Not taken by its time."""
        return self.taken_at is None and self.due_at < clock.now()


def untaken() -> Q:
    """Condition: not taken by its time."""
    return Q(taken_at=None, due_at__lt=clock.now(), archived_at=None)


class Absence(Entry):
    """A boarder who was not there; a missing one stays open until somebody explains. The head teacher owns it."""

    OWNER = "teacher"

    roll_call = models.ForeignKey(RollCall, models.PROTECT, related_name="absences", verbose_name="晚点名")
    boarder = models.ForeignKey(Boarder, models.PROTECT, related_name="absences", verbose_name="学生")
    kind = models.CharField("情况", max_length=8, choices=MARKS[1:], db_index=True)
    place = models.CharField("床位", max_length=80, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    teacher = user_field("班主任")
    at = models.DateTimeField("点名时间", db_index=True)
    escalate_at = models.DateTimeField("上报时间", null=True, editable=False, db_index=True)
    escalated_at = models.DateTimeField("已上报", null=True, editable=False)
    closed_at = models.DateTimeField("销案时间", null=True, editable=False)
    closed_by = user_field("销案人")
    explanation = models.CharField("去向说明", max_length=300, blank=True, editable=False)

    class Meta(Entry.Meta):
        verbose_name = "晚点名异常"
        ordering = ["-at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["roll_call", "boarder"], name="dormitory_absence_once")
        ]

    def __str__(self) -> str:
        return str(self.boarder)


def unexplained() -> Q:
    """Condition: missing, and nobody has said where the pupil is."""
    return Q(kind="missing", closed_at=None, archived_at=None)


@dataclass(frozen=True)
class Marked:
    """What the keeper says of one boarder: a code of ``MARKS``, and words."""

    mark: str
    note: str = ""


def begin_night(actor: Actor, night: date, buildings: Iterable[Building]) -> list[RollCall]:
    """The roll calls of a night that are not there yet, for buildings where boarders sleep."""
    book, known = (
        RuleBook(),
        set(RollCall.objects.unscoped().filter(night=night).values_list("building", flat=True)),
    )
    rows = []
    for building in buildings:
        rules = book.at(building.org)
        if building.pk not in known and sleeps_here(building.org, night, rules):
            due = rules.call_due(night)
            rows.append(RollCall(org=building.org, building=building, night=night, due_at=due))
    return create_all(actor, rows)


def inhabited() -> Any:
    """Open buildings somebody lives in."""
    lived = Stay.unguarded.filter(ends_on=None, archived_at=None).values("bed__room__building")
    return Building.objects.unscoped().filter(in_use(), archived_at=None, pk__in=lived).select_related("org")


def roll(call: RollCall) -> list[Stay]:
    """Who sleeps in the building that night, in order of floor, room and bed."""
    rows = Stay.objects.unscoped().filter(on_night(call.night), bed__room__building=call.building_id)
    rows = rows.select_related("boarder__teacher__account", "bed__room__building")
    return list(rows.order_by("bed__room__floor", "bed__room__number", "bed__number"))


def on_leave(boarders: Iterable[int], moment: datetime) -> set[int]:
    """Those of the boarders who may be away at that time."""
    rows = Leave.objects.unscoped().filter(covers(moment), boarder__in=list(boarders))
    return set(rows.values_list("boarder", flat=True))


@transaction.atomic
def take(actor: Actor, call: RollCall, marks: Mapping[int, Marked], at: datetime) -> RollCall:
    """Call the roll: ``marks`` by boarder, everybody named. Approved leave counts as leave, not as missing.

    Conflict where it was taken already, Rejected for a boarder without a mark and for leave nobody approved.
    """
    call = RollCall.objects.unscoped().select_for_update().select_related("building", "org").get(pk=call.pk)
    if call.taken_at:
        raise Conflict(f"{call} 已由 {call.taken_by} 点过")
    stays = roll(call)
    away = on_leave((stay.boarder_id for stay in stays), at)
    found = {stay.boarder_id: _judged(stay, marks, away) for stay in stays}
    counts = {mark: sum(said.mark == mark for said in found.values()) for mark, _ in MARKS}
    values = {"taken_at": at, "taken_by": actor.user, **counts}
    change(actor, call, values, action="take", expect=Q(taken_at=None))
    rows = [_absence(call, stay, found[stay.boarder_id], at) for stay in stays]
    for absence in create_all(actor, [row for row in rows if row.kind != "present"]):
        if absence.kind == "missing":
            alert(absence)
    return call


def _judged(stay: Stay, marks: Mapping[int, Marked], away: set[int]) -> Marked:
    said = marks.get(stay.boarder_id)
    if said is None or said.mark not in dict(MARKS):
        raise Rejected({"marks": f"还没有点到 {stay.bed} 的 {stay.boarder}"})
    if stay.boarder_id in away:
        return said if said.mark == "present" else Marked("leave", said.note)
    if said.mark == "leave":
        raise Rejected({"marks": f"{stay.boarder} 没有登记请假，请先登记外出，或点为未归"})
    return said


def _absence(call: RollCall, stay: Stay, said: Marked, at: datetime) -> Absence:
    teacher, minutes = (
        stay.boarder.teacher,
        rules_at(call.org).escalate_minutes if said.mark == "missing" else 0,
    )
    return Absence(
        org=call.org, roll_call=call, boarder=stay.boarder, kind=said.mark, place=str(stay.bed), note=said.note,
        teacher=teacher.account if teacher else None, at=at,
        escalate_at=clock.now() + timedelta(minutes=minutes) if minutes else None,
    )  # fmt: skip


def concerned(absence: Absence) -> list[Any]:
    """Accounts of the head teacher, of those on duty that night, and of the safety managers of the school."""
    people = on_duty(absence.roll_call.building, absence.roll_call.night)
    found = [absence.teacher, *(person.account for person in people)]
    return [user for user in found if user] + holders(absence.org, role="school_safety", at_unit=True)


def alert(absence: Absence) -> int:
    """Tell each person concerned of a missing pupil once."""
    return send(
        "dormitory.missing", concerned(absence), absence, key=f"missing:{absence.pk}", context=words(absence)
    )


def words(absence: Absence) -> dict[str, Any]:
    """What messages say; the name is masked, the record shows it to whoever may see it."""
    at = f"{absence.at.astimezone(clock.zone()):%m-%d %H:%M}"
    return {"who": absence.boarder, "place": f"{absence.org} {absence.place}", "at": at}


def escalate(absence: Absence) -> int:
    """Tell the head and the bureau of a pupil still missing, once; Conflict where it was closed meanwhile."""
    with transaction.atomic():
        change(SYSTEM, absence, {"escalated_at": clock.now()}, action="escalate", expect=Q(closed_at=None))
        people = holders(absence.org, permission=ESCALATED)
        return send(
            "dormitory.still_missing", people, absence, key=f"still:{absence.pk}", context=words(absence)
        )


def close(actor: Actor, absence: Absence, explanation: str) -> Absence:
    """The pupil is accounted for. Rejected without an explanation, Conflict where it was closed already."""
    if not explanation.strip():
        raise Rejected({"explanation": "请说明学生去向和处置情况"})
    values = {"closed_at": clock.now(), "closed_by": actor.user, "explanation": explanation.strip()}
    return change(actor, absence, values, action="close", expect=unexplained())
