"""What a new site begins with: shifts of holidays, breaks and important periods, all changeable (S04.1)."""

from datetime import time

from anlan.domains.duty.periods import Demand
from anlan.engines.audit.api import SYSTEM, Actor, create_all
from anlan.engines.org.api import OrgUnit, SiteBegun
from anlan.kernel import events

DEFAULTS = [
    ("holiday", "白班", time(8), time(18), 1, "09:00"),
    ("holiday", "夜班", time(18), time(8), 1, "22:00"),
    ("break", "全天班", time(8), time(8), 1, "21:00"),
    ("key", "白班", time(8), time(18), 1, "09:00 17:00"),
    ("key", "夜班", time(18), time(8), 1, "22:00 06:00"),
]
Line = tuple[str, str, time, time, int, str]


def lay_down(actor: Actor, unit: OrgUnit, lines: list[Line]) -> list[Demand]:
    """These shifts at a unit; those there already are left alone."""
    known = set(Demand.objects.unscoped().filter(org=unit, period=None).values_list("kind", "name"))
    rows = [
        Demand(
            org=unit, kind=kind, name=name, begins_at=begins, ends_at=ends, leaders=leaders, members=1,
            reports=times,
        )
        for kind, name, begins, ends, leaders, times in lines
        if (kind, name) not in known
    ]  # fmt: skip
    return create_all(actor, rows)


@events.on(SiteBegun)
def begin(event: SiteBegun) -> None:
    """A new site begins with them at its topmost unit."""
    lay_down(SYSTEM, event.unit, DEFAULTS)
