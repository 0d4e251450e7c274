"""On duty: signing in and out with time and place, handing over, and what happens when nobody signs in (S04.4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from anlan.base.rostering import LEADER
from anlan.base.schools import CoordinateSystem, School
from anlan.domains.duty.logs import LogEntry, turn_in
from anlan.domains.duty.periods import Rules
from anlan.domains.duty.rosters import OUT, Turn, Watch
from anlan.engines.audit.api import SYSTEM, Actor, change
from anlan.engines.files.api import adopt
from anlan.engines.messaging.api import declare_event, holders_at, send
from anlan.engines.org.api import OrgUnit, declare_permission
from anlan.engines.tasks.api import Job, background, declare_periodic
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Rejected
from anlan.kernel.positions import metres_between
from anlan.shell.deadlines import local

SERVE = declare_permission(
    "duty.turns.serve",
    "值班：签到、记日志、交接班",
    ("school_head", "school_safety", "school_contact", "staff", "guard", "canteen_manager", "dorm_keeper"),
).code
MEASURED = (CoordinateSystem.WGS84, CoordinateSystem.CGCS2000)
SAME = "交班人和接班人不能是同一人"
declare_event(
    "duty.missed", "duty", "值班未签到：{person}", "{school}{shift} {begins} 开始，{person}到现在没有签到。",
    channels="sms wechat", urgent=True,
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What the phone says: the time, a position in degrees (WGS 84) or none, uids of uploaded pictures."""

    at: datetime
    position: tuple[float, float] | None = None
    photos: Sequence[UUID] = ()


@transaction.atomic
def sign_in(actor: Actor, turn: Turn, said: Said) -> Turn:
    """The person is there. Forbidden for anybody else's turn, Rejected outside its time, Conflict the second time."""
    _own(actor, turn)
    _hold(turn)
    rules = Rules().at(turn.org)
    if said.at < turn.begins_at - timedelta(minutes=rules.early_minutes):
        raise Rejected({"": f"还没有到时间，最早提前 {rules.early_minutes} 分钟签到"})
    if said.at >= turn.ends_at:
        raise Rejected({"": "这一班已经结束，不能再签到"})
    place, metres = _place(turn, said.position, rules.metres)
    late = said.at > turn.begins_at + timedelta(minutes=rules.late_minutes)
    values = {"in_at": said.at, "in_place": place, "in_metres": metres, "late": late}
    change(actor, turn, values, action="sign_in", expect=Q(in_at=None))
    adopt(actor, turn, "photo", said.photos)
    return turn


@transaction.atomic
def sign_out(actor: Actor, turn: Turn, at: datetime) -> Turn:
    """The person leaves. Conflict without having signed in, the second time, and with the log still empty."""
    _own(actor, turn)
    _hold(turn)
    if turn.in_at is None:
        raise Conflict("还没有签到")
    refuse_empty_log(turn.watch)
    return change(actor, turn, {"out_at": max(at, turn.in_at)}, action="sign_out", expect=Q(out_at=None))


def arriving(turn: Turn) -> bool:
    """Out, not over, nobody signed in yet."""
    out = turn.archived_at is None and turn.roster.state in OUT and turn.in_at is None
    return out and turn.begins_at - timedelta(hours=4) <= clock.now() < turn.ends_at


def leaving(turn: Turn) -> bool:
    """Signed in and still there."""
    return turn.archived_at is None and turn.in_at is not None and turn.out_at is None


def _hold(turn: Turn) -> None:
    """Nobody else writes the turn until this is done; the alert of the same minute is no lost race."""
    Turn.unguarded.select_for_update().get(pk=turn.pk)
    turn.refresh_from_db(fields=["version", "in_at", "out_at"])


def _own(actor: Actor, turn: Turn) -> None:
    if turn.account_id is None or actor.user is None or turn.account_id != actor.user.pk:
        raise Forbidden(SERVE, "只能由值班人本人办理")
    if turn.roster.state not in OUT or turn.archived_at is not None:
        raise Conflict("值班表还没有发布")


def _place(turn: Turn, position: tuple[float, float] | None, within: int) -> tuple[str, int | None]:
    """Whether the position is the school's; unknown for a campus, whose own position nobody has measured."""
    school = School.objects.unscoped().filter(org=turn.org, archived_at=None).first()
    if position is None or school is None or turn.watch.place_id is not None:
        return "unknown", None
    if school.coordinate_system not in MEASURED or school.latitude is None or school.longitude is None:
        return "unknown", None
    metres = metres_between(position, (float(school.latitude), float(school.longitude)))
    return ("near" if metres <= within else "away"), metres


def refuse_empty_log(watch: Watch) -> None:
    """Rejected while nobody has written a line."""
    if not LogEntry.objects.unscoped().filter(watch=watch, archived_at=None).exists():
        raise Rejected({"": "值班日志还是空的，不能交班；没有事情的，请报一次平安"})


@transaction.atomic
def hand_over(actor: Actor, watch: Watch, note: str = "") -> Watch:
    """Whoever is on the shift hands it over, once, with the log written."""
    if turn_in(watch, actor.user) is None:
        raise Forbidden(SERVE, "只能由这一班的值班人交班")
    refuse_empty_log(watch)
    values = {"handed_at": clock.now(), "handed_by": actor.user, "handed_note": note}
    return change(actor, watch, values, action="hand_over", expect=Q(handed_at=None))


@transaction.atomic
def take_over(actor: Actor, watch: Watch) -> Watch:
    """Somebody on the next shift, or a keeper of the roster, takes it; never who handed it over."""
    if watch.handed_at is None:
        raise Conflict("这一班还没有交班")
    if watch.handed_by_id == actor.user.pk:
        raise Conflict(SAME)
    keeps = any(user.pk == actor.user.pk for user in holders_at([watch.org], "duty.rosters.publish"))
    if not keeps and not _follows(actor.user, watch):
        raise Forbidden(SERVE, "由下一班的值班人接班")
    values = {"taken_at": clock.now(), "taken_by": actor.user}
    return change(
        actor, watch, values, action="take_over", expect=Q(taken_at=None) & ~Q(handed_by=actor.user)
    )


def _follows(user: Any, watch: Watch) -> bool:
    rows = Turn.objects.unscoped().filter(
        org=watch.org, account=user, archived_at=None, roster__state__in=OUT
    )
    around = timedelta(hours=2)
    rows = rows.filter(watch__place=watch.place_id) if watch.place_id else rows
    return bool(rows.filter(begins_at__range=(watch.ends_at - around, watch.ends_at + around)).exists())


def alert_missed() -> int:
    """Tell the leader in charge of everybody who has not signed in after the limit, once per turn; how many."""
    now, rules = clock.now(), Rules()
    rows = Turn.objects.unscoped().filter(
        in_at=None,
        alerted_at=None,
        archived_at=None,
        roster__state__in=OUT,
        begins_at__lte=now,
        ends_at__gt=now,
    )
    late = [
        turn
        for turn in rows.select_related("watch__place", "org", "person", "roster")
        if now >= turn.begins_at + timedelta(minutes=rules.at(turn.org).late_minutes)
    ]
    return sum(_alert(turn) for turn in late)


@transaction.atomic
def _alert(turn: Turn) -> bool:
    try:
        change(
            SYSTEM, turn, {"alerted_at": clock.now()}, action="miss", expect=Q(alerted_at=None, in_at=None)
        )
    except Conflict:
        return False
    said = {"person": turn.person.name, "school": str(turn.org), "shift": str(turn.watch)}
    begins = f"{local(turn.begins_at):%H:%M}"
    send(
        "duty.missed", leaders_of(turn), turn, key=f"duty.missed:{turn.pk}", context=said | {"begins": begins}
    )
    return True


def leaders_of(turn: Turn) -> list[Any]:
    """Who leads the shift, else the school's heads: somebody other than the person concerned."""
    rows = Turn.objects.unscoped().filter(
        watch=turn.watch, part=LEADER, archived_at=None, account__isnull=False
    )
    leaders = [one.account for one in rows.exclude(pk=turn.pk).select_related("account")]
    return leaders or heads_of(turn.org)


def heads_of(unit: OrgUnit) -> list[Any]:
    """Accounts that hold the right to answer for the school's duty."""
    return holders_at([unit], "duty.checks.answer")


@background("值班未签到提醒")
def alert_round(job: Job) -> dict[str, Any]:
    """The round of every minute."""
    return {"alerted": alert_missed()}


declare_periodic("duty.missed", "* * * * *", alert_round)
