"""A boarding school with two buildings and the people who answer for them; the clock stands at a Wednesday evening."""

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from anlan.base.people import Person
from anlan.base.vocabularies import Code
from anlan.domains.dormitory.boarders import Boarder
from anlan.domains.dormitory.buildings import Bed, Building, Room
from anlan.domains.dormitory.keepers import Keeper, Night
from anlan.domains.dormitory.roll_calls import RollCall, begin_night, inhabited
from anlan.domains.dormitory.stays import assign
from anlan.engines.audit.api import SYSTEM, Actor, create
from anlan.engines.identity.api import User
from anlan.kernel import clock
from tests.factories import Tree, a_tree, a_user

WEDNESDAY = date(2026, 9, 9)


def at(hour: int, minute: int = 0, day: date = WEDNESDAY) -> Any:
    """The clock at this time."""
    return clock.moved(datetime.combine(day, time(hour, minute), clock.zone()))


class House:
    """A school with a building of boys, one of girls, their keepers, a head teacher, a leader and the bureau."""

    def __init__(self) -> None:
        self.tree: Tree = a_tree()
        self.school = self.tree.school
        self.keeper = a_user("dorm_keeper", self.school, name="宿管老林")
        self.safety = a_user("school_safety", self.school, name="何老师")
        self.head = a_user("school_head", self.school, name="王校长")
        self.bureau = a_user("bureau_safety", self.tree.county, name="周科长")
        self.teaching = a_user("staff", self.school, name="陈老师")
        self.leading = a_user("staff", self.school, name="带班李")
        self.teacher = self.person("陈老师", account=self.teaching)
        self.leader = self.person("带班李", account=self.leading)
        self.boys = self.building("1号楼", "male")
        self.girls = self.building("2号楼", "female")

    def own(self, model: Any, **said: Any) -> Any:
        """A stored row of the school."""
        return create(SYSTEM, model(**{"org": self.school, **said}))

    def person(self, name: str, sex: str = "1", **said: Any) -> Person:
        """Somebody on the staff."""
        Code.objects.get(pk=f"sex.{sex}")
        return self.own(Person, name=name, sex_id=f"sex.{sex}", **said)

    def building(self, name: str, sex: str, **said: Any) -> Building:
        """A building."""
        return self.own(Building, name=name, sex=sex, **said)

    def room(self, building: Building, number: str = "301", size: int = 2, **said: Any) -> Room:
        """A room with its beds."""
        sex = said.pop("sex", building.sex)
        return self.own(
            Room, building=building, floor=int(number[0]), number=number, size=size, sex=sex, **said
        )

    @staticmethod
    def beds(room: Room) -> list[Bed]:
        """Its beds in order."""
        return list(Bed.objects.unscoped().filter(room=room, archived_at=None).order_by("number"))

    def boarder(self, code: str, sex: str = "male", **said: Any) -> Boarder:
        """A pupil of the head teacher."""
        values = {
            "name": f"张小{code}",
            "class_name": "七1班",
            "guardian": "张大",
            "guardian_phone": "13800000000",
            "kin": "mother",
            "consented_on": clock.today(),
        }
        return self.own(Boarder, code=code, sex=sex, **{"teacher": self.teacher, **values, **said})

    def settled(self, room: Room, *codes: str, since: date = date(2026, 9, 1)) -> list[Boarder]:
        """Pupils on the first beds of a room."""
        found = [self.boarder(code, room.sex) for code in codes]
        for boarder, bed in zip(found, self.beds(room), strict=False):
            assign(SYSTEM, boarder, bed, since)
        return found

    def duty(self, building: Building, sex: str = "1", night: date = WEDNESDAY) -> Night:
        """A keeper and the leader for a night."""
        person = self.person("宿管", sex, account=None)
        keeper = self.own(Keeper, person=person, background="clear", checked_on=date(2026, 8, 1))
        return self.own(Night, building=building, night=night, keeper=keeper, leader=self.leader)

    def call(self, night: date = WEDNESDAY) -> RollCall:
        """The roll call of the only inhabited building."""
        begin_night(SYSTEM, night, inhabited())
        return RollCall.objects.unscoped().select_related("org", "building").get(night=night)

    def stranger(self) -> User:
        """A safety manager of another school."""
        return a_user("school_safety", self.tree.sister_school)

    @staticmethod
    def actor(user: User) -> Actor:
        """On the web, with rights read anew."""
        return Actor.person(User.objects.get(pk=user.pk), "web")


@pytest.fixture
def house(db: None) -> Iterator[House]:
    with at(21, 40):
        yield House()


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
