"""The lines of an alarm, and of a zone at the gate, on desks."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from anlan.base.people import Person
from anlan.domains.alarms.alarms import Alarm
from anlan.domains.alarms.entrances import Entrance
from anlan.domains.alarms.peak_days import PeakDay
from anlan.domains.alarms.peak_staffing import assign, confirm
from anlan.domains.alarms.peaks import PeakZone
from anlan.engines.audit.api import SYSTEM, change, create
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from tests.safety.conftest import County


def alarm(county: County) -> Iterator[tuple[Any, str]]:
    """A panic button of the school was pressed; somebody takes charge and closes the alarm."""
    officer = county.actor("wei", "school_safety", "school")
    row = create(SYSTEM, Alarm(org=county.units["school"], kind="panic", at=clock.now(), place="门卫室"))
    perform(SYSTEM, row, "call")
    yield officer.user, "move/take"
    perform(officer, row, "take")
    yield officer.user, "move/close"
    perform(officer, row, "close", {"judgement": "false", "reason": "误触"})


def peak(county: County) -> Iterator[tuple[Any, str]]:
    """A zone at the gate, to be set up by a guard, and one that nobody was named for."""
    officer, guard = (county.actor(*one, "school") for one in (("wei", "school_safety"), ("lin", "guard")))
    unit, hours = county.units["school"], {"begins_at": time(0), "ends_at": time(23, 59)}
    gate = create(SYSTEM, Entrance(org=unit, title="南大门"))
    person = create(SYSTEM, Person(org=unit, name="老林", account=guard.user))
    with clock.moved(datetime(2026, 9, 9, 7, tzinfo=clock.zone())):
        for name in ("到校", "放学"):
            said = {"entrance": gate, "name": name, "barriers": "铁马", "layout": "右侧"}
            zone = create(SYSTEM, PeakZone(org=unit, **said, **hours))
        change(SYSTEM, zone, {"staff": [person]})
        assign(SYSTEM, zone.days.get(day=clock.today()), [person])
        yield guard.user, "act/confirm"
        confirm(guard, zone.days.get(day=clock.today()))
        yield officer.user, "act/assign"
        for row in PeakDay.objects.unscoped().filter(staff=None):
            assign(officer, row, [person])
