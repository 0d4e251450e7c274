"""What the clock does with heartbeats: missing ones become faults, lasting ones are noted as recovery (D02.5)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from anlan.domains.site_security.device_limits import limits_at
from anlan.domains.site_security.devices import Condition
from anlan.domains.site_security.pulses import Pulse, fail, recover
from anlan.domains.site_security.repairs import Repair
from anlan.engines.org.api import OrgUnit
from anlan.engines.tasks.api import Job, background, declare_periodic
from anlan.kernel import clock
from anlan.kernel.errors import Conflict

SHORTEST = timedelta(minutes=1)


class Silence:
    """How long a device of a unit may be silent, each unit asked once."""

    def __init__(self) -> None:
        self._known: dict[int, timedelta] = {}

    def of(self, unit: OrgUnit) -> timedelta:
        """The limit in force at the unit."""
        if unit.pk not in self._known:
            self._known[unit.pk] = timedelta(minutes=limits_at(unit).silent_minutes)
        return self._known[unit.pk]


def watch() -> dict[str, int]:
    """Turn to every device that fell silent or works again; returns how many of each."""
    now, silence = clock.now(), Silence()
    lost = [row for row in _quiet(now) if row.heard_at < now - silence.of(row.device.org)]
    found = {"lost": sum(_done(_lose, row, now) for row in lost)}
    back = [row for row in _mending() if _well_for(row.device.pulse, now) >= silence.of(row.org)]
    return found | {"recovered": sum(_done(recover, row, row.device.pulse.well_since) for row in back)}


def _quiet(now: datetime) -> Any:
    """Devices that send heartbeats and sent none lately, not yet known as lost or wrongly taken for working."""
    working = Q(device__condition=Condition.ONLINE, device__state="in_use")
    rows = Pulse.objects.filter(Q(lost=False) | working, beats=True, heard_at__lt=now - SHORTEST)
    return rows.filter(device__archived_at=None).select_related("device__org", "device__kind")


def _mending() -> Any:
    """Open orders without a recovery, whose device says nothing is wrong any more."""
    rows = Repair.objects.unscoped().filter(
        closed_at=None,
        recovered_at=None,
        device__pulse__lost=False,
        device__pulse__faults="",
        device__pulse__well_since__gte=F("started_at"),
    )
    return rows.select_related("device__pulse", "org")


def _well_for(pulse: Pulse, now: datetime) -> timedelta:
    """How long it has been well; for one that sends heartbeats as far as they go, so that one alone shows nothing."""
    return (pulse.heard_at if pulse.beats else now) - pulse.well_since  # type: ignore[operator]


def _done(act: Any, row: Any, at: datetime) -> bool:
    """Do it, unless somebody turned to the device meanwhile; the next round looks again."""
    try:
        with transaction.atomic():
            act(row, at)
    except Conflict:
        return False
    return True


def _lose(pulse: Pulse, now: datetime) -> None:
    still = Pulse.objects.filter(pk=pulse.pk, heard_at=pulse.heard_at)
    if not still.update(lost=True, well_since=None):
        raise Conflict("刚收到心跳")
    if pulse.device.condition != Condition.OFFLINE:
        since = pulse.heard_at.astimezone(clock.zone())
        fail(pulse.device, f"心跳中断，最近一次在 {since:%Y-%m-%d %H:%M}")


@background("检查技防设备心跳")
def watch_pulses(job: Job) -> dict[str, Any]:
    """The round of every minute."""
    return dict(watch())


declare_periodic("site_security.pulses", "* * * * *", watch_pulses)
