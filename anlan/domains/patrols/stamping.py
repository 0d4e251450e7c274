"""Making a stamp: once for a uid, by label or position, with the phone's time, in the route's order (S08.2)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from anlan.domains.patrols.routes import Point, Stamp
from anlan.engines.audit.api import Actor, create
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
    if fault := _not_there(point, said, place, metres) or _out_of_order(actor, point, said.at):
        raise Rejected({"point": fault})
    day = said.at.astimezone(clock.zone()).date()
    row = Stamp(
        uid=said.uid, org=point.org, route=point.route, point=point, person=actor.user, day=day, at=said.at,
        way=Stamp.Way.LABEL if said.token else Stamp.Way.POSITION,
        late=said.at > point.route.deadline(day), place=place, metres=metres, fine=said.fine, note=said.note,
    )  # fmt: skip
    create(actor, row)
    adopt(actor, row, "photo", said.photos)
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


def _out_of_order(actor: Actor, point: Point, at: datetime) -> str:
    """The point that comes first, in words; empty where the order does not matter or is kept."""
    if not point.route.ordered:
        return ""
    day = at.astimezone(clock.zone()).date()
    before = Point.objects.unscoped().filter(route=point.route, number__lt=point.number, archived_at=None)
    done = Stamp.objects.unscoped().filter(route=point.route, person=actor.user, day=day, at__lte=at)
    skipped = before.exclude(pk__in=done.values("point")).order_by("number").first()
    return f"要按顺序打卡，请先到“{skipped.name}”" if skipped else ""


def _place(point: Point, position: tuple[float, float] | None) -> tuple[str, int | None]:
    if position is None or point.latitude is None or point.longitude is None:
        return Stamp.Place.UNKNOWN, None
    metres = metres_between(position, (point.latitude, point.longitude))
    return (Stamp.Place.NEAR if metres <= point.radius else Stamp.Place.AWAY), metres
