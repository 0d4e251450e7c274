"""A county with its bureau, two schools with a head, staff, and tasks given to them."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from anlan.engines.audit.api import Actor
from anlan.engines.identity.api import User
from anlan.engines.org.api import OrgUnit
from anlan.engines.tasks.models import SchoolTask, SchoolTaskPlan
from anlan.engines.tasks.splitting import issue
from anlan.kernel import clock
from tests.factories import a_role, a_tree, a_user

MONDAY = date(2026, 10, 19)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060"
    "000000050001a5f645400000000049454e44ae426082"
)


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment in the site's time zone."""
    return datetime.combine(day, time(hour, minute), clock.zone())


class Office:
    """Units and people; ``give`` issues a task."""

    def __init__(self) -> None:
        tree = a_tree()
        self.tree = tree
        self.county, self.first, self.second = tree.county, tree.school, tree.sister_school
        self.clerk = a_user("bureau_safety", self.county, name="王科")
        self.head = a_user("school_head", self.first, name="陈校长")
        self.other_head = a_user("school_head", self.second, name="李校长")
        self.safety = a_user("school_safety", self.first, name="林主任")
        self.anna = a_user("staff", self.first, name="安老师")
        self.ben = a_user("staff", self.first, name="本老师")

    def person(self, name: str, unit: OrgUnit, *permissions: str, **fields: Any) -> User:
        """A person with a role of their own at the unit, holding the permissions."""
        a_role(f"role-{name}", *permissions)
        return a_user(f"role-{name}", unit, username=name, name=name, **fields)

    def give(
        self, by: User, units: tuple[OrgUnit, ...] = (), day: date = MONDAY, **values: Any
    ) -> SchoolTaskPlan:
        """A task given on ``day``, due that day at 17:00 unless said otherwise."""
        values = {"title": "消防自查", "org": by.unit, "starts_on": day, "ends_on": day, **values}
        assistants = values.pop("assistants", ())
        with clock.moved(at(day)):
            return issue(Actor.person(by), SchoolTaskPlan(**values), units, assistants)

    def own(self, to: User | None = None, **values: Any) -> SchoolTask:
        """A task the head gives to one of the staff."""
        self.give(self.head, responsible=to or self.anna, **values)
        return self.latest()

    def latest(self) -> SchoolTask:
        """The task made last."""
        return SchoolTask.unguarded.order_by("-pk").first()


@pytest.fixture
def office(db) -> Office:
    return Office()


@pytest.fixture
def monday() -> date:
    return MONDAY


def days(number: int) -> timedelta:
    return timedelta(days=number)
