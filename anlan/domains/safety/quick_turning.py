"""What a handler makes of a quick report: a hazard, or a record of another module, once and linked (S02.3)."""

from typing import Any

from django.db import transaction

from anlan.base.outlets import Handed, outlets
from anlan.domains.safety.hazards import Hazard, Source
from anlan.domains.safety.intake import file_hazard
from anlan.domains.safety.quick import QuickReport
from anlan.domains.safety.quick_flow import handles
from anlan.engines.audit.api import Actor
from anlan.engines.files.api import Attachment, attachments_of
from anlan.engines.workflow.api import perform
from anlan.kernel.errors import Conflict


def _pictures(quick: QuickReport) -> list[Attachment]:
    return [one for one in attachments_of(quick, "photo") if one.is_picture]


def _turn(actor: Actor, quick: QuickReport, move: str, also: dict[str, Any]) -> None:
    if actor.user is not None and (why := handles(quick, actor.user)):
        raise Conflict(why)
    quick.turning = True
    try:
        perform(actor, quick, move, also=also)
    finally:
        quick.turning = False


@transaction.atomic
def turn_into_hazard(actor: Actor, quick: QuickReport, *, reported_up: bool) -> Hazard:
    """Make the report a hazard, once, carrying pictures, place and reporter over; both link to each other."""
    if not quick.open:
        raise Conflict(f"当前状态是“{quick.state_shown.title}”，不能转为隐患")
    hazard = Hazard(
        org=quick.org,
        title=str(quick)[:120],
        detail=quick.text,
        place=quick.place,
        category=quick.kind.category,
        source=Source.QUICK,
        source_key=f"quick:{quick.pk}",
        source_url=quick.get_absolute_url(),
        found_at=quick.taken_at or quick.created_at,
        reporter=quick.reporter_shown,
        reported_up=reported_up,
    )
    stored = file_hazard(actor, hazard, _pictures(quick))
    _turn(actor, quick, "to_hazard", {"hazard": stored})
    return stored


@transaction.atomic
def hand_on(actor: Actor, quick: QuickReport, code: str) -> str:
    """Hand the report to another module, once; gives the address of the record made there."""
    outlet = outlets[code]
    handed = Handed(
        quick.org,
        quick,
        str(quick)[:120],
        quick.text,
        quick.place,
        quick.kind.category.code,
        quick.reporter_shown,
        _pictures(quick),
    )
    made: Any = outlet.take(actor, handed)
    url = str(made.get_absolute_url())
    _turn(actor, quick, "hand_on", {"handed_to": outlet.title, "handed_url": url})
    return url
