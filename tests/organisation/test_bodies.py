"""The safety organisation of a school: a tree that grows, moves and ends, and can be shown as it was (S05.1)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anlan.base.people import Person, leave
from anlan.domains.organisation.bodies import Body, end_body, seat
from anlan.engines.audit.api import SYSTEM, change, create
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected
from tests.factories import Tree, a_tree, a_user, sign_in

pytestmark = pytest.mark.django_db
PAGE = "/organisation/structure/"


class School:
    """A leading group with an office and a group for fire."""

    def __init__(self) -> None:
        self.tree: Tree = a_tree()
        self.head = a_user("school_head", self.tree.school)
        self.top = self.body("领导小组", None)
        self.office = self.body("安全办公室", self.top)
        self.fire = self.body("消防工作组", self.office)

    def body(self, name: str, parent: Body | None) -> Body:
        said: dict[str, Any] = {"kind": "special", "starts_on": clock.today() - timedelta(days=30)}
        return create(SYSTEM, Body(org=self.tree.school, name=name, parent=parent, **said))

    def person(self, name: str) -> Person:
        return create(SYSTEM, Person(org=self.tree.school, name=name))

    def shape(self, days_ago: int = 0, client: Client | None = None) -> list[Any]:
        """The chart of a day as the page shows it: titles and the titles below."""
        day = clock.today() - timedelta(days=days_ago)
        asked = (client or sign_in(Client(), self.head)).get(PAGE, {"on": day.isoformat()})
        return titles(asked.context["nodes"])


def titles(nodes: list[Any]) -> list[Any]:
    return [(node["title"], *titles(node["parts"])) for node in nodes]


@pytest.mark.requirement("S05.1")
def test_adding_moving_and_ending_keep_the_chart_of_every_day(monkeypatch: pytest.MonkeyPatch) -> None:
    school, today = School(), clock.today()
    before = [("领导小组", ("安全办公室", ("消防工作组",)))]
    assert school.shape() == before

    monkeypatch.setattr(clock, "today", lambda: today + timedelta(days=10))
    change(SYSTEM, school.fire, {"parent": school.top})
    moved = [("领导小组", ("安全办公室",), ("消防工作组",))]
    assert school.shape() == moved
    assert school.shape(days_ago=5) == before

    monkeypatch.setattr(clock, "today", lambda: today + timedelta(days=20))
    end_body(SYSTEM, school.fire)
    assert school.shape() == [("领导小组", ("安全办公室",))]
    assert school.shape(days_ago=5) == moved
    assert school.shape(days_ago=15) == before


@pytest.mark.requirement("S05.1")
def test_a_body_goes_neither_under_itself_nor_away_with_its_members() -> None:
    school = School()
    for below in (school.top, school.fire):
        with pytest.raises(Rejected) as refused:
            change(SYSTEM, Body.objects.unscoped().get(pk=school.top.pk), {"parent": below})
        assert refused.value.fields["parent"] == ["机构不能放在自己之下"]
    person = school.person("王小明")
    seat(SYSTEM, school.fire, person, "head")
    for body in (school.fire, school.office):
        with pytest.raises(Conflict):
            end_body(SYSTEM, body)
    leave(SYSTEM, person)
    assert end_body(SYSTEM, Body.objects.unscoped().get(pk=school.fire.pk)).ends_on == clock.today()
    assert "王小明" not in sign_in(Client(), school.head).get(PAGE).content.decode()


def test_the_chart_shows_members_and_stays_inside_the_scope() -> None:
    school = School()
    seat(SYSTEM, school.fire, school.person("王小明"), "head")
    mine = sign_in(Client(), school.head)
    assert "组长 王小明" in mine.get(PAGE).content.decode()
    assert mine.get(f"{PAGE}{school.tree.sister_school.pk}/").status_code == 404
    assert mine.get(PAGE, {"on": "30 February"}).status_code == 422
    assert sign_in(Client(), a_user("pupil", school.tree.school)).get(PAGE).status_code == 403
