"""The frame shows each person only what they may use, where they are, and what is overdue."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string

from anlan.shell import frame, navigation, providers
from anlan.shell.frame import Account, Badge, Frame
from anlan.shell.navigation import Page, Tab


@pytest.fixture
def house(monkeypatch, gallery):
    """Empty registries, filled with two areas; the person may see what is in ``allowed``."""
    for registry in (
        navigation.areas,
        navigation.pages,
        navigation.tabs,
        providers.providers,
        providers.counts,
    ):
        monkeypatch.setattr(registry, "_items", {})
        monkeypatch.setattr(registry, "_frozen", False)
    allowed: set[str] = {"hazard.view"}
    navigation.add_area("home", "工作台", "home", order=10)
    navigation.add_area("safety", "校园安全", "shield-check", order=20)
    navigation.add_page(Page("home", "", "工作台", "/"))
    navigation.add_page(Page("safety", "闭环", "隐患台账", "/hazards/", "hazard.view", "hazards", 20))
    navigation.add_page(Page("safety", "日常", "安全巡查", "/patrols/", "patrol.view", None, 10))
    navigation.add_page(Page("safety", "闭环", "督办", "/hazards/urged/", "hazard.view", None, 30))
    navigation.add_tab(Tab("home", "工作台", "home", "/"))
    navigation.add_tab(Tab("todo", "待办", "list-check", "/hazards/", "hazards"))
    frame.register_provider("may", lambda request, permission: permission in allowed)
    frame.register_provider("account", lambda request: Account("周敏", "澜江县教育局", "校园安全科"))
    frame.register_count("hazards", lambda request: Badge(open=12, late=3))
    return allowed


def at(request_at, path):
    return Frame(request_at(path))


def test_pages_a_person_may_not_use_are_absent(house, request_at):
    titles = [place.title for group in at(request_at, "/hazards/").side for place in group.places]
    assert titles == ["隐患台账", "督办"]
    house.add("patrol.view")
    assert [group.title for group in at(request_at, "/hazards/").side] == ["日常", "闭环"]


def test_of_a_long_menu_only_the_group_of_the_present_page_is_open(house, request_at, monkeypatch):
    house.add("patrol.view")
    assert not [group.title for group in at(request_at, "/hazards/").side if group.folded]
    monkeypatch.setattr(frame, "A_SCREEN", 2)
    assert [group.folded for group in at(request_at, "/hazards/").side] == [True, False]
    menu = render_to_string("shell/side.html", {"frame": at(request_at, "/hazards/")})
    assert menu.count("<details") == 2
    assert menu.count(" open>") == 1
    assert menu.index(" open>") > menu.index("日常")
    assert all(url in menu for url in ("/patrols/", "/hazards/urged/"))


def test_an_area_without_any_page_for_the_person_is_absent(house, request_at):
    house.clear()
    assert [spot.title for spot in at(request_at, "/").rail] == ["工作台"]


def test_without_an_engine_that_answers_every_right_is_denied(house, request_at, monkeypatch):
    monkeypatch.setattr(providers.providers, "_items", {})
    assert not frame.may(request_at(), "hazard.view")
    assert frame.may(request_at(), None)


def test_the_longest_address_tells_where_one_is(house, request_at):
    here = at(request_at, "/hazards/urged/7/")
    assert here.here is not None
    assert here.here.title == "督办"
    assert [(spot.title, spot.current) for spot in here.rail] == [("工作台", False), ("校园安全", True)]


def test_overdue_work_shows_red_in_the_rail_and_open_work_in_side_and_tabs(house, request_at):
    here = at(request_at, "/hazards/")
    assert [spot.late for spot in here.rail] == [0, 3]
    assert here.side[0].places[0].badge.open == 12
    assert [(tab.title, tab.current, tab.open) for tab in here.tabs] == [
        ("工作台", False, 0),
        ("待办", True, 12),
    ]


def test_a_count_is_asked_once_per_page(house, request_at, monkeypatch):
    asked = []
    monkeypatch.setattr(providers.counts, "_items", {})
    frame.register_count("hazards", lambda request: asked.append(1) or Badge(1, 1))
    here = at(request_at, "/hazards/")
    assert all([here.rail, here.side, here.tabs])
    assert len(asked) == 1


def test_nothing_is_declared_twice(house):
    with pytest.raises(ImproperlyConfigured):
        navigation.add_area("home", "又一个", "home")
    with pytest.raises(ImproperlyConfigured):
        navigation.add_page(Page("home", "", "同一页", "/"))
    with pytest.raises(ImproperlyConfigured):
        frame.register_provider("may", lambda *_: True)
    with pytest.raises(ValueError, match="unknown provider"):
        frame.register_provider("may_not", lambda *_: True)


def test_a_page_of_an_undeclared_area_is_a_fault(monkeypatch):
    monkeypatch.setattr(navigation.areas, "_items", {})
    assert list(navigation._faults_of_page(Page("nowhere", "", "页", "/x/")))
