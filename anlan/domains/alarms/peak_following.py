"""Days still to come follow their zone, and with it who stands there (N1.12)."""

from anlan.domains.alarms.peak_days import OPEN, PeakDay
from anlan.domains.alarms.peak_round import issue, withdraw
from anlan.domains.alarms.peak_staffing import assign
from anlan.domains.alarms.peaks import PeakZone
from anlan.engines.audit.api import SYSTEM, Written, change
from anlan.kernel import clock, events


@events.on(Written)
def follow_zone(event: Written) -> None:
    """Handler: rows that have not begun follow their zone; one that is archived takes them with it."""
    zone = event.record
    if not isinstance(zone, PeakZone) or event.together:
        return
    ahead = PeakDay.objects.unscoped().filter(
        zone=zone, state=OPEN, begins_at__gt=clock.now(), archived_at=None
    )
    for row in ahead:
        if zone.archived_at:
            withdraw(event.actor, row)
            continue
        begins, ends = zone.span(row.day)
        change(SYSTEM, row, {"begins_at": begins, "ends_at": ends})
        assign(SYSTEM, row, zone.here())
    issue(PeakZone.objects.unscoped().filter(pk=zone.pk))
