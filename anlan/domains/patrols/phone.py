"""Patrols on the phone: own routes taken along, stamps sent from the one outbox (S08.2, NF.218)."""

import hashlib
from typing import Any

from anlan.base.errands import Errand, declare_errand
from anlan.domains.patrols.rounds import Slot, Walked, points_of, rounds_on
from anlan.domains.patrols.routes import Point, Route
from anlan.domains.patrols.stamping import WALK, Said, stamp
from anlan.engines.audit.api import Actor
from anlan.engines.forms.api import client_time
from anlan.engines.org.api import scope
from anlan.engines.registry.api import Sent
from anlan.kernel import clock
from anlan.shell.deadlines import local


def mark_of(token: str) -> str:
    """What tells a label's code on the phone without giving the code away."""
    return hashlib.sha256(token.encode()).hexdigest()


def routes_of(user: Any) -> list[dict[str, Any]]:
    """The person's own routes with the standing of today."""
    found = scope(user, WALK)
    if not found:
        return []
    routes = Route.objects.unscoped().filter(found.condition(), walkers=user, archived_at=None)
    return [_route(route) for route in routes.select_related("org")]


def _route(route: Route) -> dict[str, Any]:
    day = clock.today()
    return {
        "id": str(route.pk),
        "name": route.name,
        "school": route.org.name,
        "ordered": route.ordered,
        "day": day.isoformat(),
        "rounds": [_round(slot, walked) for slot, walked in rounds_on(route, day)],
        "points": [_point(point) for point in points_of(route)],
    }


def _round(slot: Slot, walked: Walked) -> dict[str, Any]:
    """Its times, and of each point what is known: by id, state and time."""
    times = {"from": slot.opens, "begins": slot.begins_at, "ends": slot.ends_at}
    known = {
        str(row["point"].pk): [row["state"], f"{local(row['stamp'].at):%H:%M}"]
        for row in walked.rows
        if row["stamp"]
    }
    return {name: f"{local(at):%H:%M}" for name, at in times.items()} | {"known": known}


def _point(point: Point) -> dict[str, Any]:
    return {
        "id": str(point.pk),
        "name": point.name,
        "mark": mark_of(point.token),
        "lat": point.latitude,
        "lng": point.longitude,
        "radius": point.radius,
    }


def take(actor: Actor, pk: int, sent: Sent) -> str:
    """One stamp at the point, with the phone's own time."""
    values = sent.values
    said = Said(
        uid=sent.uid,
        at=client_time(values.get("at")) or clock.now(),
        token=str(values.get("code") or "")[:40],
        position=_position(values),
        fine=values.get("fine") is not False,
        note=str(values.get("note") or "")[:300],
        photos=tuple(sent.slots(("photo",)).get("photo", ())),
    )
    return stamp(actor, pk, said).get_absolute_url()


def _position(said: dict[str, Any]) -> tuple[float, float] | None:
    try:
        here = float(said["lat"]), float(said["lng"])
    except (KeyError, TypeError, ValueError):
        return None
    return here if -90 <= here[0] <= 90 and -180 <= here[1] <= 180 else None


declare_errand(Errand("stamp", (WALK,), take, routes_of, "patrols/field.js"))
