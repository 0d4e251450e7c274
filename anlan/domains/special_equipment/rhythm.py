"""By when equipment wants maintenance: so many days after the last confirmed visit (D16.3)."""

from datetime import timedelta

from anlan.base.checklists import Subject, days_at, declare_subject
from anlan.domains.special_equipment.devices import Device
from anlan.engines.audit.api import SYSTEM, Written, change
from anlan.kernel import clock, events

LIFT_UPKEEP = declare_subject(Subject("special.lift_upkeep", "电梯维护保养", 15, "facility", ())).code


WITH_RHYTHM = {"lift": LIFT_UPKEEP}


def settle(device: Device) -> None:
    """Work out anew by when the device wants maintenance."""
    subject = WITH_RHYTHM.get(device.kind)
    last = device.visits.exclude(confirmed_at=None).filter(archived_at=None).order_by("-day").first()
    since = last.day if last else device.installed_on or clock.today()
    by = since + timedelta(days=days_at(device.org, subject)) if subject else None
    if device.upkeep_by != by:
        change(SYSTEM, device, {"upkeep_by": by}, action="upkeep")


@events.on(Written)
def begin_rhythm(event: Written) -> None:
    """Handler: new equipment has its maintenance planned."""
    row = event.record
    if (isinstance(row, Device) and event.action == "create") or (
        isinstance(row, Device) and event.action == "change" and {"kind", "installed_on"} & set(event.after)
    ):
        settle(row)
