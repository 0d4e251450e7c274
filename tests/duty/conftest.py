"""A district with two schools, their people, and what the kinds of day ask for."""

from datetime import date, datetime, time
from typing import Any

import pytest

from anlan.base.calendar import CalendarSpan
from anlan.base.people import Person
from anlan.base.places import Place
from anlan.domains.duty.drawing_up import rotate
from anlan.domains.duty.laying_out import announce
from anlan.domains.duty.periods import Demand, Period
from anlan.domains.duty.rosters import Roster, Turn, Watch
from anlan.engines.audit.api import SYSTEM, Actor, create
from anlan.engines.identity.api import User
from anlan.engines.org.api import OrgUnit
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from tests.factories import Tree, a_tree, a_user

FIRST, LAST = date(2026, 10, 1), date(2026, 10, 4)
NAMES = ("赵老师", "钱老师", "孙老师", "李老师")


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of a day."""
    return datetime.combine(day, time(hour, minute), clock.zone())


class District:
    """The people and the calendar of the district; a week before the holiday."""

    def __init__(self) -> None:
        self.tree: Tree = a_tree()
        self.school, self.sister = self.tree.school, self.tree.sister_school
        self.officer = a_user("bureau_safety", self.tree.county, name="陈科长")
        self.viewer = a_user("bureau_viewer", self.tree.county, name="督导")
        self.head = self.person("王校长", "school_head")
        self.safety = self.person("林主任", "school_safety")
        self.staff = [self.person(name, "staff") for name in NAMES]
        for name, begins, ends, leaders in (("白班", 8, 18, 1), ("夜班", 18, 8, 0)):
            self.demand("holiday", name, begins, ends, leaders)

    def person(self, name: str, role: str, unit: OrgUnit | None = None, phone: str = "") -> Person:
        """Somebody at a school with an account and a number."""
        unit = unit or self.school
        account = a_user(role, unit, name=name)
        number = phone or f"138000{10000 + account.pk:05d}"
        return create(SYSTEM, Person(org=unit, name=name, account=account, phone=number))

    def demand(self, kind: str, name: str, begins: int, ends: int, leaders: int = 1, **more: Any) -> Demand:
        """A shift that days of a kind ask for, laid down by the district."""
        hours = {"begins_at": time(begins), "ends_at": time(ends)}
        return create(
            SYSTEM,
            Demand(
                **{"org": self.tree.county, "kind": kind, "name": name, "leaders": leaders, "members": 1}
                | hours
                | more
            ),
        )

    def period(self, kind: str = "holiday", first: date = FIRST, last: date = LAST, **more: Any) -> Period:
        """The national day holiday of the district."""
        said = {"org": self.tree.county, "name": "国庆节", "kind": kind, "report_by": date(2026, 9, 28)}
        return create(SYSTEM, Period(**said | {"first": first, "last": last} | more))

    def span(self, kind: str, day: date, unit: OrgUnit | None = None) -> CalendarSpan:
        """A day off, or a shifted working day."""
        return create(
            SYSTEM, CalendarSpan(org=unit or self.tree.county, first=day, last=day, kind=kind, name="国庆")
        )

    def roster(self, unit: OrgUnit | None = None, period: Period | None = None) -> Roster:
        """The school's draft for the period."""
        period = period or Period.objects.unscoped().first() or self.period()
        announce(self.bureau, period)
        return (
            Roster.objects.unscoped()
            .select_related("org", "period")
            .get(org=unit or self.school, period=period)
        )

    def watches(self, roster: Roster) -> list[Watch]:
        """Its shifts in order."""
        return list(
            Watch.objects.unscoped().filter(roster=roster, archived_at=None).select_related("roster", "org")
        )

    def turns(self, roster: Roster, part: str) -> list[Turn]:
        """Who stands in a part, in order."""
        rows = (
            Turn.objects.unscoped()
            .filter(roster=roster, part=part, archived_at=None)
            .order_by("begins_at", "pk")
        )
        return list(rows.select_related("watch__roster", "roster", "org", "person__account", "account"))

    def published(self, roster: Roster | None = None) -> Roster:
        """A full roster, out at school."""
        roster = roster or self.roster()
        self.fill(roster)
        perform(self.keeper, Roster.objects.unscoped().get(pk=roster.pk), "publish")
        return Roster.objects.unscoped().select_related("org").get(pk=roster.pk)

    def fill(self, roster: Roster) -> None:
        """The head leads, the staff take turns."""
        rotate(self.keeper, roster, "leader", [self.head, self.safety])
        rotate(self.keeper, roster, "member", self.staff)

    @property
    def bureau(self) -> Actor:
        """The officer of the bureau."""
        return self.actor(self.officer)

    @property
    def keeper(self) -> Actor:
        """Who draws the roster up."""
        return self.actor(self.safety.account)

    @staticmethod
    def actor(user: Any) -> Actor:
        """On the web, with rights read anew."""
        return Actor.person(User.objects.get(pk=user.pk), "web")


@pytest.fixture
def district(db: None) -> Any:
    with clock.moved(at(date(2026, 9, 24), 10)):
        yield District()


@pytest.fixture
def a_campus() -> Any:
    """Make a campus of a school."""

    def make(unit: OrgUnit, name: str) -> Place:
        return create(SYSTEM, Place(org=unit, name=name, kind="campus"))

    return make
