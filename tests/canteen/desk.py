"""Desks of a canteen: the steps of the day, meals eaten with the pupils, daily checks (D11.4)."""

from collections.abc import Iterator
from typing import Any

from anlan.base.looking import Said as Found
from anlan.domains.canteen.control import Control, Said, begin_day, sign_step
from anlan.domains.canteen.daily import DailyCheck, DailyPlan
from anlan.domains.canteen.daily_work import fill
from anlan.domains.canteen.meals import Meal, Visit, roster, settle
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
        checks = DailyCheck.objects.unscoped()
        yield kitchen.cook, "act/fill"
        fill(kitchen.actor(kitchen.cook), checks.get(inspector=None), Found())
        yield inspector, "act/inspect"
    with at(WEDNESDAY, 11):
        fill(kitchen.actor(inspector), checks.get(inspector=inspector), Found())


def meal(county: Any) -> Iterator[tuple[User, str]]:
    """The steps of the day, a meal to eat with the pupils, and what was found there."""
    with at(WEDNESDAY, 10):
        kitchen = Kitchen()
        begin_day(WEDNESDAY)
        yield kitchen.cook, "act/sign_day"
        sign_step(kitchen.actor(kitchen.cook), Control.objects.unscoped().get(level="day"), Said(safe=True))
        roster(kitchen.actor(kitchen.safety), Meal.objects.unscoped().get(), kitchen.head)
        yield kitchen.head, "登记"
    with at(WEDNESDAY, 13):
        said = {"person": kitchen.head, "day": WEDNESDAY, "problem": "汤太凉"}
        visit = Visit(org=kitchen.school, canteen=kitchen.canteen, **said)
        create(kitchen.actor(kitchen.head), visit)
        yield kitchen.cook, "act/settle"
        settle(kitchen.actor(kitchen.cook), visit, "已加热")
