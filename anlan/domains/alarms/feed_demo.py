"""Attendance and visitors of the demo county: three days of some schools, and a few records held back."""

from datetime import datetime, time, timedelta
from typing import Any

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.domains.alarms.feeding import facts_of, take
from anlan.domains.alarms.passes import Pass
from anlan.domains.alarms.sources import Source
from anlan.engines.audit.api import create
from anlan.kernel import clock

STATUSES = ("present", "present", "late", "leave", "absent")


@demo_step("alarms.feed", "考勤访客数据", order=34)
def load_feed(world: World) -> None:
    """As the platform of the county would send them; a card in every ninth school is not registered."""
    said = {"code": "county-attendance", "title": "县考勤访客平台（演示）"}
    source = create(LOADER, Source(org=world.units["county"], **said))
    rows = Pass.objects.unscoped().filter(archived_at=None).exclude(person_class="visitor")
    passes = list(rows.select_related("org").order_by("pk")[:40])
    days = [world.today - timedelta(days=back) for back in (1, 2, 3)]
    for number, (one, day) in enumerate((one, day) for one in passes for day in days):
        card = one.card if number % 9 else "990001"
        told = {"card": card, "status": STATUSES[number % len(STATUSES)], "day": str(day)}
        _tell(source, number, one, "attendance", told)
        if number % 7 == 0:
            at = datetime.combine(day, time(10, 20), clock.zone()).isoformat()
            _tell(source, number, one, "visitor", {"person": "示例访客", "purpose": "家长约谈", "at": at})


def _tell(source: Source, number: int, one: Pass, kind: str, told: dict[str, Any]) -> None:
    record = {"id": f"{kind}-{number}", "unit": one.org.code, "kind": kind} | told
    take(LOADER, source, facts_of(record))
