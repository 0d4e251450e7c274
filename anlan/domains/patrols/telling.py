"""Something wrong at a point reaches whoever keeps the area of that place (S05.4)."""

from anlan.base.grids import area_of
from anlan.domains.patrols.routes import Stamp
from anlan.engines.audit.api import Written
from anlan.engines.messaging.api import declare_event, send
from anlan.engines.org.api import scope
from anlan.kernel import events

declare_event("patrols.wrong", "hazard", "巡查发现异常：{point}", "{note}")


@events.on(Written)
def tell_the_area(event: Written) -> None:
    """Once for each stamp that was not fine; only to somebody who may read it."""
    row = event.record
    if not isinstance(row, Stamp) or row.fine:
        return
    area = area_of(row.org, row.point.name)
    keeper = area.in_charge if area else None
    if keeper is not None and scope(keeper, "patrols.stamps.view").covers(row.org.path):
        send("patrols.wrong", [keeper], row, context={"point": row.point.name, "note": row.note})
