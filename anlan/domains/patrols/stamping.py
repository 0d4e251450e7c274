"""Making a stamp: once for a uid, by label, position or reader, in the route's order (S08.2, N1.19)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from anlan.domains.patrols.rounds import settle, slot_at
from anlan.domains.patrols.routes import Point, Route, Stamp
from anlan.engines.audit.api import Actor, change, create
from anlan.engines.files.api import adopt
from anlan.engines.org.api import declare_permission, scope
from anlan.kernel import clock
from anlan.kernel.errors import Forbidden, Missing, Rejected
from anlan.kernel.positions import metres_between

WALK = declare_permission(
    "patrols.stamps.walk", "巡查打卡：打卡", ("guard", "staff", "school_safety", "school_head", "dorm_keeper")
).code


@dataclass(frozen=True)
class Said:
    """What the phone says: the label's ``token`` or none, position in degrees, ``photos`` uids of uploads."""

    uid: UUID
    at: datetime
    token: str = ""
    position: tuple[float, float] | None = None
    fine: bool = True
    note: str = ""
    photos: tuple[UUID, ...] = ()


@transaction.atomic
def stamp(actor: Actor, pk: int, said: Said) -> Stamp:
    """The stamp at the point; the same uid again gives the one made first.

    Missing for a point of another school, Forbidden for people who do not walk, Rejected for another point's
    label, for a stamp without label away from the point, and for a point out of order.
    """
    point = _point(actor.user, pk)
    made: Stamp | None = Stamp.objects.unscoped().filter(uid=said.uid).first()
    if made is not None:
        if made.person_id != actor.user.pk or made.point_id != point.pk:
            raise Rejected({"uid": "这个编号已经用过"})
        return made
    place, metres = _place(point, said.position)
    if fault := _not_there(point, said, place, metres) or _out_of_order(actor.user, point, said.at):
        raise Rejected({"point": fault})
    row = Stamp(
        uid=said.uid, point=point, person=actor.user, at=said.at, place=place, metres=metres, fine=said.fine,
        way=Stamp.Way.LABEL if said.token else Stamp.Way.POSITION, note=said.note,
    )  # fmt: skip
    keep(actor, row)
    adopt(actor, row, "photo", said.photos)
    return row


def keep(actor: Actor, row: Stamp) -> Stamp:
    """Store a stamp and settle its round; one far away, or that came too late to be believed, is doubtful."""
    point = row.point
    row.org, row.route, slot = point.org, point.route, slot_at(point.route, row.at)
    row.day, row.late = slot.day, row.at > slot.ends_at
    if doubts := _doubts(row, point.route):
        row.standing, row.doubt = Stamp.Standing.DOUBTFUL, "；".join(doubts)
    create(actor, row)
    settle(actor, point.route, slot)
    return row


def _doubts(row: Stamp, route: Route) -> list[str]:
    found = [f"离点位 {row.metres} 米"] if row.place == Stamp.Place.AWAY else []
    delay = clock.now() - row.at
    if delay > timedelta(minutes=route.trusted_minutes):
        found.append(f"打卡后 {int(delay.total_seconds() // 60)} 分钟才传到")
    return found


@transaction.atomic
def judge(actor: Actor, row: Stamp, accepted: bool, note: str) -> Stamp:
    """Say whether a doubtful stamp counts, once; Forbidden for the own one."""
    if actor.user is None or actor.user.pk == row.person_id:
        raise Forbidden(WALK, "自己的打卡要由别人核实")
    standing = Stamp.Standing.ACCEPTED if accepted else Stamp.Standing.REFUSED
    values = {"standing": standing, "judged_note": note, "judged_by": actor.user}
    change(actor, row, values, action="judge", expect=Q(standing=Stamp.Standing.DOUBTFUL))
    settle(actor, row.route, slot_at(row.route, row.at))
    return row


def _point(user: Any, pk: int) -> Point:
    found = scope(user, WALK)
    if not found:
        raise Forbidden(WALK)
    rows = Point.objects.unscoped().select_related("route", "org").filter(pk=pk, archived_at=None)
    point: Point | None = rows.filter(route__archived_at=None).first()
    if point is None or not found.covers(point.org.path):
        raise Missing
    return point


def _not_there(point: Point, said: Said, place: str, metres: int | None) -> str:
    """Why what was said does not show that somebody was there; a label shows it, wherever the position is."""
    if said.token:
        return "" if said.token == point.token else f"这不是“{point.name}”的标签"
    if place == Stamp.Place.NEAR:
        return ""
    return f"离点位还有 {metres} 米，请走近再打，或扫标签" if metres is not None else "没有定位，请扫标签打卡"


def _out_of_order(person: Any, point: Point, at: datetime) -> str:
    """The point that comes first, in words; empty where the order does not matter or is kept in this round."""
    if not point.route.ordered:
        return ""
    slot = slot_at(point.route, at)
    before = Point.objects.unscoped().filter(route=point.route, number__lt=point.number, archived_at=None)
    done = Stamp.objects.unscoped().filter(route=point.route, person=person, at__range=(slot.opens, at))
    skipped = before.exclude(pk__in=done.values("point")).order_by("number").first()
    return f"要按顺序打卡，请先到“{skipped.name}”" if skipped else ""


def _place(point: Point, position: tuple[float, float] | None) -> tuple[str, int | None]:
    if position is None or point.latitude is None or point.longitude is None:
        return Stamp.Place.UNKNOWN, None
    metres = metres_between(position, (point.latitude, point.longitude))
    return (Stamp.Place.NEAR if metres <= point.radius else Stamp.Place.AWAY), metres
