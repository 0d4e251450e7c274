"""The points of a walk, each with the check made of it in time (D14.2)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from anlan.base.models import SpotCheck
from anlan.domains.fire.devices import LOOKED_AS as DEVICE
from anlan.domains.fire.key_places import LOOKED_AS as PLACE
from anlan.domains.fire.key_places import MONTHLY
from anlan.domains.fire.rounds import MONTH, Walk
from anlan.engines.registry.api import IN_USE

PLACES, DEVICES = "fire.key_places", "fire.devices"


@dataclass(frozen=True)
class Point:
    """A thing of a round, the ledger it belongs to, and the check made of it within the walk's time."""

    ledger: str
    thing: Any
    verb: str
    check: SpotCheck | None = None


def points_of(walk: Walk) -> list[Point]:
    """The points of a walk with the first check of each; what is out of use or archived is no point."""
    monthly, plan = walk.kind == MONTH, walk.round
    places: Any = plan.places.filter(archived_at=None).order_by("pk")
    devices: Any = plan.devices.filter(IN_USE, archived_at=None).order_by("pk")
    wanted = [(PLACES, thing, MONTHLY if monthly else PLACE) for thing in places]
    wanted += [(DEVICES, thing, DEVICE) for thing in devices]
    made = SpotCheck.objects.unscoped().filter(
        org=walk.org_id, archived_at=None, minute__gte=walk.begins_at, minute__lt=walk.ends_at
    )
    of = Q(ledger=PLACES, object_id__in=[one.pk for one in places], subject=MONTHLY if monthly else PLACE)
    of |= Q(ledger=DEVICES, object_id__in=[one.pk for one in devices])
    first: dict[tuple[str, int], SpotCheck] = {}
    for check in made.filter(of).select_related("created_by").order_by("minute"):
        first.setdefault((check.ledger, check.object_id), check)
    return [
        Point(code, thing, "look_month" if subject == MONTHLY else "look_at", first.get((code, thing.pk)))
        for code, thing, subject in wanted
    ]
