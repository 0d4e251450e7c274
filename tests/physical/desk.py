"""The lines of a safety work on desks."""

from collections.abc import Iterator
from typing import Any

from anlan.domains.physical.works import Work
from anlan.engines.audit.api import SYSTEM, Actor, create
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from tests.safety.conftest import County


def work(county: County) -> Iterator[tuple[Any, str]]:
    """Built by the school, accepted and rechecked by its head, built again after a defect."""
    builder = county.actor("jian", "school_safety", "school")
    head = county.person("yan", "school_head", "school")
    today, file = clock.today(), {"built_photos": 1, "accepted_photos": 1}
    said = {"title": "楼梯防滑改造", "kind": "stairs", "place": "教学楼", "builder": "示例公司"}
    row = create(SYSTEM, Work(org=county.units["school"], planned_to=today, **said))
    perform(builder, row, "begin", {"began_on": today})
    yield builder.user, "move/finish"
    perform(builder, row, "finish", {"built_on": today}, files=file)
    yield head, "move/accept"
    perform(SYSTEM, row, "accept", {"accepted_on": today, "acceptors": "校长"}, files=file)
    yield head, "move/recheck"
    perform(Actor.person(head, "web"), row, "recheck", {"rechecked_on": today}, files={"rechecked_photos": 1})
