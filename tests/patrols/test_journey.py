"""A guard walks two routes with a phone that has no network (S08.2, NF.218)."""

from datetime import time
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from anlan.domains.patrols.routes import Point, Route, Stamp
from anlan.engines.audit.api import Actor, create
from anlan.engines.files.api import attachments_of
from anlan.kernel import clock
from tests.browser import Accessibility, Faults
from tests.factories import Tree, a_tree, a_user
from tests.safety.fieldwork import HOME, Field

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
HERE, FAR = {"latitude": 24.8001, "longitude": 118.6001}, {"latitude": 24.81, "longitude": 118.61}
NIGHT, DAWN = (time(0), time(23, 59)), (time(0), time(0, 1))


def a_route(keeper: Actor, guard: Any, name: str, hours: tuple[time, time], ordered: bool) -> list[Point]:
    """A route of the school with three points, walked by the guard."""
    unit = guard.unit
    said = {"begins_at": hours[0], "ends_at": hours[1], "daily": 1, "ordered": ordered}
    route = create(keeper, Route(org=unit, name=name, **said))
    route.walkers.set([guard])
    return [
        create(keeper, Point(org=unit, route=route, number=number, name=f"{name}{words}", **PLACE))
        for number, words in enumerate(("大门", "配电室", "操场"), 1)
    ]


PLACE = {"latitude": 24.8, "longitude": 118.6}


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A photo as a phone takes it."""
    path = tmp_path / "gate.jpg"
    Image.effect_noise((1200, 900), 40).convert("RGB").save(path, "JPEG")
    return path


@pytest.fixture
def tree(live_server: Any) -> Tree:
    """Units, seen by the live server."""
    return a_tree()


def stamped(page: Page, name: str, state: str) -> None:
    """The point stands on its route's page in this state."""
    row = page.get_by_role("link", name=name)
    expect(row).to_contain_text(state)


@pytest.mark.requirement("S08.2")
@pytest.mark.requirement("NF.218")
def test_a_patrol_without_a_network_arrives_later_once_with_its_true_times(
    tree: Tree, context: BrowserContext, phone: Page, live_server: Any, faults: Faults, enter: Any,
    axe: Accessibility, shot: Any, picture: Path,
) -> None:  # fmt: skip
    keeper = Actor.person(a_user("school_safety", tree.school, name="何老师"), "web")
    guard = a_user("guard", tree.school, name="门卫老林")
    night = a_route(keeper, guard, "晚巡", NIGHT, ordered=True)
    dawn = a_route(keeper, guard, "早巡", DAWN, ordered=False)
    context.grant_permissions(["geolocation"])
    context.set_geolocation(HERE)
    enter(guard)
    field = Field(phone, context, live_server.url, faults)
    page = field.open()
    expect(page.get_by_role("link", name="早巡")).to_contain_text("漏打 3 处")
    expect(page.get_by_role("link", name="晚巡")).to_contain_text("待打卡 3 处")
    axe(page)
    begun = clock.now()
    with field.offline():
        page.get_by_role("link", name="晚巡").click()
        axe(page)
        shot(page, "route")
        page.get_by_role("link", name="晚巡配电室").click()
        expect(page.get_by_text("离点位 15 米，在点位")).to_be_visible()
        page.get_by_role("button", name="打卡", exact=True).click()
        expect(page.get_by_role("alert")).to_have_text("要按顺序打卡，请先到“晚巡大门”")

        page.get_by_role("link", name="返回").click()
        page.get_by_role("link", name="晚巡大门").click()
        expect(page.get_by_text("离点位 15 米，在点位")).to_be_visible()
        field.shoot(picture)
        axe(page)
        field.fits()
        shot(page, "point")
        page.get_by_role("button", name="打卡", exact=True).click()
        stamped(page, "晚巡大门", "已打卡")
        stamped(page, "晚巡大门", "存在手机里，有网后上传")
        stamped(page, "晚巡配电室", "待打卡")

        context.set_geolocation(FAR)
        page.get_by_role("link", name="晚巡配电室").click()
        expect(page.get_by_text("请走近再打，或扫标签")).to_be_visible()
        page.get_by_role("button", name="打卡", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("请走近再打，或扫标签")

        page = field.reopen()
        page.goto(f"{live_server.url}{HOME}?p={night[1].token}")
        expect(page.get_by_role("heading", level=1, name="晚巡配电室")).to_be_visible()
        expect(page.get_by_text("会标为不在点位")).to_be_visible()
        page.get_by_role("radio", name="异常").check()
        page.get_by_role("button", name="打卡", exact=True).click()
        expect(page.get_by_role("alert")).to_have_text("发现异常要写明情况")
        page.get_by_label("说明").fill("门没有锁")
        shot(page, "away")
        page.get_by_role("button", name="打卡", exact=True).click()
        stamped(page, "晚巡配电室", "已打卡")

        context.set_geolocation(HERE)
        page.goto(live_server.url + HOME + f"#/walk/{dawn[0].route_id}")
        page.get_by_label("标签码").fill("falsch")
        page.get_by_role("button", name="用标签码打卡").click()
        expect(page.get_by_text("这不是您路线上的标签")).to_be_visible()
        page.get_by_label("标签码").fill(dawn[1].token)
        page.get_by_role("button", name="用标签码打卡").click()
        expect(page.get_by_text("离点位 15 米，在点位")).to_be_visible()
        page.get_by_role("button", name="打卡", exact=True).click()
        stamped(page, "早巡配电室", "迟到")
        stamped(page, "早巡大门", "漏打")
        field.fits()
        assert Stamp.objects.unscoped().count() == 0
        ended = clock.now()
        page.goto(live_server.url + HOME + "#/")
        expect(page.get_by_text("已存在手机里 3 份")).to_be_visible()
    field.settled(3)

    rows = list(Stamp.objects.unscoped().select_related("point").order_by("at"))
    assert [(row.point.name, row.way, row.place, row.fine, row.note, row.late) for row in rows] == [
        ("晚巡大门", "position", "near", True, "", False),
        ("晚巡配电室", "label", "away", False, "门没有锁", False),
        ("早巡配电室", "label", "near", True, "", True),
    ]
    assert all(begun <= row.at <= ended < row.created_at for row in rows), "the phone's own times"
    assert [len(attachments_of(row, "photo")) for row in rows] == [1, 0, 0]
    page.reload()
    field.page = page
    field.synced()
    assert Stamp.objects.unscoped().count() == 3
    expect(page.get_by_role("link", name="早巡").first).to_contain_text("漏打 2 处")

    enter(keeper.user)
    desk = context.new_page()
    desk.goto(f"{live_server.url}{dawn[0].route.get_absolute_url()}")
    today = desk.get_by_role("region", name="当天打卡（表格）")
    expect(today.get_by_text("漏打")).to_have_count(2)
    expect(today.get_by_text("迟到")).to_have_count(1)
    shot(desk, "standing")
    desk.goto(f"{live_server.url}/patrols/stamps/?place=away")
    expect(desk.get_by_role("link", name="晚巡配电室")).to_be_visible()
    expect(desk.get_by_role("link", name="晚巡大门")).to_have_count(0)
