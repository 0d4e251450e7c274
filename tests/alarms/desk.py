"""The lines of an alarm on desks."""

from collections.abc import Iterator
from typing import Any

from anlan.domains.alarms.alarms import Alarm
from anlan.engines.audit.api import SYSTEM, create
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
