"""Desks of those who check a canteen every day (D11.4)."""

from collections.abc import Iterator
from typing import Any

from anlan.domains.canteen.daily import DailyPlan
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.identity.api import User
from tests.canteen.conftest import WEDNESDAY, Kitchen, at
from tests.factories import a_user


def daily_check(county: Any) -> Iterator[tuple[User, str]]:
    """The check of the day, at the school and of an inspector."""
    with at(WEDNESDAY, 10):
        kitchen = Kitchen()
        inspector = a_user("inspector", kitchen.school)
        for name, person in (("学校", None), ("巡查", inspector)):
            create(SYSTEM, DailyPlan(org=kitchen.school, name=name, whole=True, inspector=person))
        yield kitchen.cook, "act/fill"
        yield inspector, "act/inspect"
