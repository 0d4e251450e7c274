"""The lines of a list of what has reached its time on desks."""

from collections.abc import Iterator
from typing import Any

from anlan.engines.archives.api import Disposal
from anlan.engines.audit.api import SYSTEM, Actor, create
from anlan.engines.workflow.api import perform
from tests.safety.conftest import County


def disposal(county: County) -> Iterator[tuple[Any, str]]:
    """Asked for by one person, decided by another."""
    clerk = county.actor("dang", "bureau_safety", "county")
    chief = county.person("ju", "bureau_leader", "county")
    row = create(SYSTEM, Disposal(org=county.units["county"], kind="drill", title="演练到期清单"))
    yield clerk.user, "move/ask"
    perform(clerk, row, "ask", {"reason": "保存期满", "basis": "本局保管期限表"})
    yield chief, "move/approve"
    perform(Actor.person(chief, "web"), row, "approve", {"opinion": "同意"})
