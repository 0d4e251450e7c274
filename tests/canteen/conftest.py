"""A school with a canteen and the people who answer for it; the clock stands at a Wednesday."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.domains.canteen.canteens import Canteen
from anlan.domains.canteen.menus import Dish, Menu, publish
from anlan.domains.canteen.papers import Company
from anlan.domains.canteen.workers import Worker
from anlan.engines.audit.api import SYSTEM, Actor, create
from anlan.engines.files.api import attach
from anlan.engines.identity.api import User
from anlan.kernel import clock
from anlan.kernel.identifiers import credit_check, organisation_check
from tests.factories import Tree, a_tree, a_user
from tests.files.making import a_picture

WEDNESDAY = date(2026, 9, 9)
MONDAY = date(2026, 9, 7)


def at(day: date, hour: int, minute: int = 0) -> Any:
    """The clock at this time of the day."""
    return clock.moved(datetime.combine(day, time(hour, minute), clock.zone()))


def credit_code(number: int = 1) -> str:
    """A credit code with right check characters."""
    stem = f"91350582MA{number:06d}"
    code = stem + organisation_check(stem[8:16])
    return code + credit_check(code)


class Kitchen:
    """One canteen that cooks lunch, with its manager, safety manager and head."""

    def __init__(self) -> None:
        self.tree: Tree = a_tree()
        self.school = self.tree.school
        self.cook = a_user("canteen_manager", self.school, name="陈管理")
        self.safety = a_user("school_safety", self.school, name="何老师")
        self.head = a_user("school_head", self.school, name="王校长")
        self.bureau = a_user("bureau_safety", self.tree.county, name="周科长")
        self.canteen = self.another("第一食堂")

    def another(self, name: str, **said: Any) -> Canteen:
        """One more canteen of the school."""
        return create(SYSTEM, Canteen(org=self.school, name=name, manager=self.cook, **said))

    def own(self, model: Any, **said: Any) -> Any:
        """A stored row of the canteen."""
        return create(SYSTEM, model(org=self.school, **{"canteen": self.canteen, **said}))

    def company(self, number: int = 1, days: int = 300, service: str = "supply") -> Company:
        """A company whose licence runs for so many days."""
        said = {"name": f"公司{number}", "credit_code": credit_code(number), "service": service}
        until = clock.today() + timedelta(days=days)
        return create(
            SYSTEM, Company(org=self.tree.county, **said, licence_number="JY1", licence_until=until)
        )

    def worker(self, name: str, days: int | None = 100, **said: Any) -> Worker:
        """Somebody on duty whose health certificate runs for so many days, or who has none."""
        until = clock.today() + timedelta(days=days) if days is not None else None
        number = f"JK-{Worker.unguarded.count() + 1}" if until else ""
        held = {"certificate": number, "certified_until": until}
        return self.own(Worker, **{"name": name, "joined_on": MONDAY} | held | said)

    def menu(self, *names: str, day: date = WEDNESDAY) -> list[Dish]:
        """A published menu of the week with these dishes at lunch of the day."""
        menu = self.own(Menu, monday=day - timedelta(days=day.weekday()))
        dishes = [self.own(Dish, menu=menu, day=day, name=name, ingredients="大米") for name in names]
        publish(SYSTEM, menu)
        return dishes

    @staticmethod
    def actor(user: User) -> Actor:
        """On the web, with rights read anew."""
        return Actor.person(User.objects.get(pk=user.pk), "web")

    @staticmethod
    def hand_in(record: Any, *slots: str) -> None:
        """Pictures in these slots of a record."""
        for slot in slots:
            attach(SYSTEM, record, SimpleUploadedFile(f"{slot}.jpg", a_picture()), slot)


@pytest.fixture
def kitchen(db: None) -> Iterator[Kitchen]:
    with at(WEDNESDAY, 9):
        yield Kitchen()


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
