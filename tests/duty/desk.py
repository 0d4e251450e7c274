"""What duty puts on desks: whose, and the action the page must offer (D11.4)."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from anlan.domains.duty.swaps import ask
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from tests.duty.conftest import District


def duty(county: Any) -> Iterator[tuple[Any, str]]:
    """A roster goes out and to the bureau; somebody asks to be replaced."""
    district, first = District(), clock.today() + timedelta(days=5)
    said = {"first": first, "last": first, "report_by": clock.today()}
    roster = district.roster(period=district.period(**said))
    yield district.safety.account, "move/publish"
    district.published(roster)
    yield district.safety.account, "move/report"
    roster.refresh_from_db()
    perform(district.actor(district.safety.account), roster, "report")
    turn = district.turns(roster, "member")[0]
    swap = ask(district.actor(turn.account), turn, district.staff[3], "外出培训")
    yield district.staff[3].account, "move/agree"
    perform(district.actor(district.staff[3].account), swap, "agree")
    yield district.head.account, "move/approve"
    perform(district.actor(district.head.account), swap, "approve")
