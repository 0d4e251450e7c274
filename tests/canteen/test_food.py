"""Menus without forbidden food, and samples of what was served (S09.3, S09.4)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from anlan.domains.canteen.menus import Dish, Menu, publish
from anlan.domains.canteen.rules import CanteenRules, Forbidden
from anlan.domains.canteen.samples import Sample, correct, dispose
from anlan.engines.audit.api import SYSTEM, AuditEntry, create
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected
from tests.canteen.conftest import MONDAY, WEDNESDAY, Kitchen, at
from tests.factories import sign_in

FORBIDDEN = ["凉拌黄瓜", "裱花蛋糕", "干煸四季豆", "鲜黄花菜汤", "野生菌汤", "发芽土豆丝"]
FRIDGE = {"keeper": "陈师傅", "place": "留样冰箱"}


def listed(kitchen: Kitchen, query: str, user: Any = None) -> list[str]:
    """First column of the rows a list shows."""
    found = sign_in(Client(), user or kitchen.bureau).get(f"/api/canteen/{query}").json()["results"]
    return [row.get("name") or row.get("stand") for row in found]


@pytest.mark.requirement("S09.3")
def test_forbidden_dishes_are_refused_with_the_reason(kitchen: Kitchen) -> None:
    menu = kitchen.own(Menu, monday=MONDAY)
    for name in FORBIDDEN:
        with pytest.raises(Rejected) as refused:
            kitchen.own(Dish, menu=menu, day=WEDNESDAY, name=name, ingredients="食材")
        assert refused.value.fields["name"][0].startswith("禁用：")
    with pytest.raises(Rejected) as refused:
        kitchen.own(Dish, menu=menu, day=WEDNESDAY, name="什锦小炒", ingredients="木耳、四季豆")
    assert "加热不透" in refused.value.fields["ingredients"][0]

    said: dict[str, Any] = {"org": kitchen.tree.county, "reason": "本县规定"}
    create(SYSTEM, Forbidden(**said, name="河豚", words="河豚"))
    create(SYSTEM, Forbidden(**said, name="四季豆", words="四季豆", lifted=True))
    with pytest.raises(Rejected, match="本县规定"):
        kitchen.own(Dish, menu=menu, day=WEDNESDAY, name="红烧河豚", ingredients="鱼")
    assert kitchen.own(Dish, menu=menu, day=WEDNESDAY, name="干煸四季豆", ingredients="四季豆").pk


@pytest.mark.requirement("S09.3")
def test_a_menu_is_published_before_its_week_or_marked_late(kitchen: Kitchen) -> None:
    with at(MONDAY - timedelta(days=1), 23, 59):
        in_time = kitchen.menu("番茄炒蛋")[0].menu
    assert not in_time.late
    other = kitchen.own(Menu, monday=MONDAY, canteen=kitchen.another("第二食堂"))
    with pytest.raises(Conflict):
        publish(SYSTEM, other)
    kitchen.own(Dish, menu=other, day=MONDAY, name="番茄炒蛋", ingredients="番茄")
    with at(MONDAY, 0):
        publish(SYSTEM, other)
    assert other.late
    assert listed(kitchen, "menus/?late=1") == ["已公示（迟）"]
    with pytest.raises(Rejected, match="先撤回"):
        kitchen.own(Dish, menu=other, day=MONDAY, name="白灼菜心", ingredients="菜心")


@pytest.mark.requirement("S09.4")
def test_samples_are_large_enough_and_kept_long_enough(kitchen: Kitchen) -> None:
    dish, other = kitchen.menu("番茄炒蛋", "红烧鸡腿")
    assert listed(kitchen, "dishes/?unsampled=1") == []
    with at(WEDNESDAY, 12):
        with pytest.raises(Rejected, match="不少于 125 克"):
            kitchen.own(Sample, dish=dish, grams=124, at=clock.now(), **FRIDGE)
        sample = kitchen.own(Sample, dish=dish, grams=125, at=clock.now(), **FRIDGE)
    with at(WEDNESDAY, 14):
        assert listed(kitchen, "dishes/?unsampled=1") == ["红烧鸡腿"]
    with at(WEDNESDAY + timedelta(days=2), 11), pytest.raises(Rejected, match="未满 48 小时"):
        dispose(kitchen.actor(kitchen.cook), sample)
    with at(WEDNESDAY + timedelta(days=2), 12):
        dispose(kitchen.actor(kitchen.cook), sample)
    assert sample.disposed_by == kitchen.cook

    create(SYSTEM, CanteenRules(org=kitchen.tree.county, sample_grams=150))
    with at(WEDNESDAY, 14), pytest.raises(Rejected, match="不少于 150 克"):
        kitchen.own(Sample, dish=other, grams=149, at=clock.now(), **FRIDGE)


@pytest.mark.requirement("S09.4")
def test_amount_and_time_of_a_sample_change_only_with_a_trace(kitchen: Kitchen) -> None:
    (dish,) = kitchen.menu("番茄炒蛋")
    sample = kitchen.own(Sample, dish=dish, grams=200, at=clock.now(), **FRIDGE)
    mine = sign_in(Client(), kitchen.cook)
    assert mine.post(f"{sample.get_absolute_url()}edit", {"grams": 300}).status_code in (403, 409)
    with pytest.raises(Rejected, match="不少于 125 克"):
        correct(kitchen.actor(kitchen.cook), sample, {"grams": 100, "reason": "称错"})
    correct(kitchen.actor(kitchen.cook), sample, {"grams": 180, "reason": "称错"})
    entry = AuditEntry.objects.get(action="correct")
    assert (entry.before["grams"], entry.after["grams"], entry.after["reason"]) == (200, 180, "称错")
    assert "称错" in mine.get(sample.get_absolute_url()).content.decode()
