"""The roll of a building called on a phone without a network, the tab closed between (D17.3, NF.218)."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from anlan.domains.dormitory.roll_calls import Absence, RollCall
from anlan.engines.messaging.api import Message
from anlan.kernel import clock
from tests.browser import Accessibility, Faults
from tests.dormitory.conftest import House
from tests.safety.fieldwork import HOME, Field

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def mark(page: Page, name: str, word: str) -> None:
    """Tap what is said of somebody."""
    page.get_by_role("group", name=name).get_by_role("radio", name=word).check()


def test_a_roll_called_without_a_network_survives_a_closed_tab_and_arrives_once(
    live_server: Any, context: BrowserContext, phone: Page, faults: Faults, enter: Any, axe: Accessibility, shot: Any
) -> None:  # fmt: skip
    house, tonight = House(), clock.today()
    house.settled(house.room(house.boys, "301", 4), "Z1", "Z2", "Z3", since=tonight - timedelta(days=9))
    due = clock.now() + timedelta(hours=1)
    house.own(RollCall, building=house.boys, night=tonight, due_at=due)
    house.duty(house.boys, night=tonight)
    enter(house.keeper)
    field = Field(phone, context, live_server.url, faults)
    page = field.open()
    begun = clock.now()
    with field.offline():
        page.get_by_role("link", name="1号楼").click()
        mark(page, "张小Z2", "未归")
        page.get_by_label("备注").fill("电话未接")
        page.get_by_label("备注").blur()
        page.get_by_role("button", name="提交点名").click()
        expect(page.get_by_role("alert")).to_have_text("还有 2 人没有点")
        axe(page)
        field.fits()
        shot(page, "begun")

        page = field.reopen()
        page.get_by_role("link", name="1号楼晚点名").click()
        expect(page.get_by_label("备注")).to_have_value("电话未接")
        mark(page, "张小Z3", "晚归")
        page.get_by_role("button", name="本室其余全到").click()
        page.get_by_role("button", name="提交点名").click()
        expect(page.get_by_text("已存在手机里 1 份")).to_be_visible()
        shot(page, "waiting")
        assert RollCall.objects.unscoped().get().taken_at is None
        ended = clock.now()
    field.settled()
    call = RollCall.objects.unscoped().get()
    assert (call.present, call.late, call.missing, call.taken_by) == (1, 1, 1, house.keeper)
    assert begun <= call.taken_at <= ended, "the phone's own time"
    missing = Absence.objects.unscoped().get(kind="missing")
    assert (missing.boarder.name, missing.note) == ("张小Z2", "电话未接")
    told = Message.objects.filter(event="dormitory.missing")
    assert told.count() > 0
    before = told.count()
    page.goto(f"{live_server.url}{HOME}#/")
    page.reload()
    field.page = page
    field.synced()
    assert (Absence.objects.unscoped().count(), told.count()) == (2, before), "nothing arrives twice"
