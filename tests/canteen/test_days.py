"""Eating with the pupils, the three steps of control, and ledgers of hygiene (S09.5, S09.6, S09.7)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anlan.domains.canteen.control import Control, Said, begin_day, sign_step
from anlan.domains.canteen.logs import AdditiveUse, Chilling, ColdStore, Disinfection, Waste
from anlan.domains.canteen.meals import Meal, Visit, roster, settle
from anlan.engines.audit.api import create
from anlan.engines.messaging.api import Message
from anlan.engines.tasks.api import todos_for, watch_deadlines
from anlan.kernel.errors import Rejected
from tests.canteen.conftest import MONDAY, WEDNESDAY, Kitchen, at
from tests.factories import sign_in

SAFE = Said(safe=True)


def rows(user: Any, query: str) -> list[dict[str, Any]]:
    """Rows of a list."""
    found: list[dict[str, Any]] = sign_in(Client(), user).get(f"/api/canteen/{query}").json()["results"]
    return found


def step(level: str, day: Any = None) -> Control:
    found = Control.objects.unscoped().filter(level=level).order_by("first")
    return found.get(first=day) if day else found.get()


@pytest.mark.requirement("S09.6")
def test_a_meal_nobody_ate_with_the_pupils_is_listed_and_a_problem_is_followed_up(kitchen: Kitchen) -> None:
    assert begin_day(WEDNESDAY) == begin_day(WEDNESDAY) == 1
    meal = Meal.objects.unscoped().get()
    roster(kitchen.actor(kitchen.safety), meal, kitchen.head)
    assert todos_for(kitchen.head)[0].title.startswith("陪餐")
    with at(WEDNESDAY, 13):
        assert [row["accompanied"] for row in rows(kitchen.bureau, "meals/?unaccompanied=1")] == [
            "没有陪餐记录"
        ]
        said = {"person": kitchen.head, "day": WEDNESDAY, "problem": "汤太凉"}
        visit = create(
            kitchen.actor(kitchen.head), Visit(org=kitchen.school, canteen=kitchen.canteen, **said)
        )
        assert rows(kitchen.bureau, "meals/?unaccompanied=1") == []
        assert not [todo for todo in todos_for(kitchen.head) if todo.title.startswith("陪餐：")]
        (todo,) = [todo for todo in todos_for(kitchen.cook) if todo.title == "陪餐问题：汤太凉"]
        settle(kitchen.actor(kitchen.cook), visit, "加保温台")
        assert todo not in todos_for(kitchen.cook)


@pytest.mark.requirement("S09.6")
def test_nobody_eats_in_the_future_or_at_two_canteens_at_once(kitchen: Kitchen) -> None:
    other = kitchen.another("第二食堂")
    with pytest.raises(Rejected, match="还没有开始"):
        kitchen.own(Visit, person=kitchen.head, day=WEDNESDAY)
    with at(WEDNESDAY, 12):
        kitchen.own(Visit, person=kitchen.head, day=WEDNESDAY)
        with pytest.raises(Rejected, match="两个食堂"):
            kitchen.own(Visit, person=kitchen.head, day=WEDNESDAY, canteen=other)


@pytest.mark.requirement("S09.7")
def test_each_step_draws_on_the_one_before_and_a_missed_one_is_shown_and_reminded(kitchen: Kitchen) -> None:
    for back in (2, 1, 0):
        with at(WEDNESDAY - timedelta(days=back), 1):
            begin_day(WEDNESDAY - timedelta(days=back))
    cook, safety, head = (kitchen.actor(user) for user in (kitchen.cook, kitchen.safety, kitchen.head))
    sign_step(cook, step("day", MONDAY), Said(False, "冰箱门封破损", "已报修"))
    with pytest.raises(Rejected, match="写明问题"):
        sign_step(cook, step("day", WEDNESDAY), Said(False))

    missed = rows(kitchen.bureau, "controls/?missed=1")
    assert [(row["first"], row["stand"]) for row in missed] == [(str(MONDAY + timedelta(days=1)), "漏项")]
    watch_deadlines()
    warned = Message.objects.filter(addressee=kitchen.cook, kind="overtime").values_list("title", flat=True)
    assert any("09月08日日管控" in title for title in warned)

    week = sign_in(Client(), kitchen.safety).get(step("week").get_absolute_url()).content.decode()
    assert "冰箱门封破损" in week
    assert "未填写" in week
    sign_step(safety, step("week"), Said(False, "冷链设备老化", "列入采购"))
    month = sign_in(Client(), kitchen.head).get(step("month").get_absolute_url()).content.decode()
    assert "冷链设备老化" in month
    sign_step(head, step("month"), SAFE)


@pytest.mark.requirement("S09.7")
def test_no_risk_is_recorded_too_and_nobody_signs_two_levels(kitchen: Kitchen) -> None:
    begin_day(WEDNESDAY)
    day, safety = step("day"), kitchen.actor(kitchen.safety)
    with at(WEDNESDAY + timedelta(days=1), 1):
        assert [row["level"] for row in rows(kitchen.bureau, "controls/?missed=1")] == ["day"]
    sign_step(kitchen.actor(kitchen.cook), day, SAFE)
    with at(WEDNESDAY + timedelta(days=1), 1):
        assert rows(kitchen.bureau, "controls/?missed=1") == []
    sign_step(safety, step("week"), SAFE)
    with pytest.raises(Rejected, match="不能签两级"):
        sign_step(safety, step("month"), SAFE)
    assert step("month").signed_at is None


@pytest.mark.requirement("S09.5")
def test_missing_days_are_listed_wrong_temperatures_alert_and_nitrite_is_refused(kitchen: Kitchen) -> None:
    begin_day(WEDNESDAY)
    entry = {"day": WEDNESDAY, "by": "陈师傅"}
    kitchen.own(Disinfection, **entry, things="餐盘", strength="100℃", minutes=15)
    kitchen.own(Waste, **entry, kilograms=30)
    with at(WEDNESDAY + timedelta(days=1), 8):
        ledgers = ("disinfection", "temperature", "waste")
        found = {name: len(rows(kitchen.bureau, f"controls/?no_{name}=1")) for name in ledgers}
    assert found == {"disinfection": 0, "temperature": 1, "waste": 0}

    store = kitchen.own(ColdStore, name="冷藏柜", low=0, high=8)
    assert kitchen.own(Chilling, **entry, store=store, degrees=8).fine
    assert not Message.objects.filter(event="canteen.temperature").exists()
    assert not kitchen.own(Chilling, **entry, store=store, degrees="8.1").fine
    assert [one.addressee for one in Message.objects.filter(event="canteen.temperature")] == [kitchen.cook]

    use = {**entry, "dish": "卤肉", "grams": 1}
    with pytest.raises(Rejected, match="亚硝酸盐"):
        kitchen.own(AdditiveUse, **use, additive="亚硝酸钠")
    assert kitchen.own(AdditiveUse, **use, additive="泡打粉").pk


def test_a_form_does_not_ask_for_what_has_one_answer(kitchen: Kitchen) -> None:
    """The unit, the only canteen, the day and the person are there already; with two canteens one is asked."""
    client = sign_in(Client(), kitchen.cook)
    page = client.get("/canteen/visits/new").content.decode()
    assert f'<input type="hidden" name="org" value="{kitchen.school.pk}"' in page
    assert f'<option value="{kitchen.canteen.pk}" selected>第一食堂' in page
    assert f'value="{WEDNESDAY}"' in page
    assert f'name="keeper" value="{kitchen.cook.name}"' in client.get("/canteen/samples/new").content.decode()
    kitchen.another("第二食堂")
    page = client.get("/canteen/visits/new").content.decode()
    assert f'<option value="{kitchen.canteen.pk}">第一食堂' in page
