"""Check-ins handed in by a patrol reader through the door for devices (N1.19)."""

from typing import Any
from uuid import uuid4

from anlan.base.device_signals import Signal, declare_signal
from anlan.domains.patrols.routes import Point, Route, Stamp
from anlan.domains.patrols.stamping import keep
from anlan.kernel.errors import Rejected


def take(signal: Signal) -> None:
    """``data``: ``tag``, the code of the point, and ``walker``, an account; a route of one walker needs no name.

    Rejected for a tag of another school or of none, and for somebody who does not walk the route.
    """
    rows = Point.objects.unscoped().filter(token=str(signal.data.get("tag", "")), archived_at=None)
    point = rows.filter(org=signal.device.record.org).select_related("route", "org").first()
    if point is None or point.route.archived_at:
        raise Rejected({"tag": "标签码不是本校巡查点位的"})
    person = _walker(point.route, str(signal.data.get("walker", "")))
    row = Stamp(uid=uuid4(), point=point, person=person, at=signal.at)
    row.way, row.place, row.note = Stamp.Way.READER, Stamp.Place.UNKNOWN, f"巡查器 {signal.device.code}"
    keep(signal.actor, row)


def _walker(route: Route, name: str) -> Any:
    walkers = list(route.walkers.all())
    known = [one for one in walkers if one.username == name.strip().lower()] if name else walkers
    if len(known) != 1:
        raise Rejected({"walker": "要说明是这条路线的哪位巡查人员"})
    return known[0]


declare_signal("patrol", "巡查器打卡", take, "patrol")
