"""Somebody on duty signs in, writes the log and the tab is closed, all without a network (S04.4, NF.218)."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from anlan.base.schools import School
from anlan.domains.duty.logs import LogEntry
from anlan.domains.duty.rosters import Roster, Turn, Watch
from anlan.engines.audit.api import SYSTEM, create
from anlan.kernel import clock
from tests.browser import Accessibility, Faults
from tests.duty.conftest import District
from tests.safety.fieldwork import Field

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def on_duty_now(district: District) -> Turn:
    """A shift that began some minutes ago, on a roster that is out."""
    today, unit = clock.today(), district.school
    said = {
        "name": "池店一小",
        "kind": "primary",
        "nature_id": "school_nature.public",
        "coordinate_system": "wgs84",
    }
    create(SYSTEM, School(org=unit, latitude="24.812300", longitude="118.591200", **said))
    roster = create(SYSTEM, Roster(org=unit, title="本周值班", first=today, last=today))
    hours = {"begins_at": clock.now() - timedelta(minutes=5), "ends_at": clock.now() + timedelta(hours=8)}
    watch = create(
        SYSTEM, Watch(org=unit, roster=roster, day=today, name="白班", leaders=0, members=1, **hours)
    )
    turn = create(SYSTEM, Turn(org=unit, watch=watch, person=district.staff[0]))
    Roster.unguarded.filter(pk=roster.pk).update(state="published")
    return turn


def test_duty_is_signed_in_and_logged_without_a_network_and_survives_a_closed_tab(
    live_server: Any, context: BrowserContext, phone: Page, faults: Faults, enter: Any, axe: Accessibility, shot: Any
) -> None:  # fmt: skip
    turn = on_duty_now(District())
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 24.8124, "longitude": 118.5912})
    enter(turn.account)
    field = Field(phone, context, live_server.url, faults)
    page = field.open()
    begun = clock.now()
    with field.offline():
        page.get_by_role("link", name="白班").click()
        page.get_by_role("link", name="签到").click()
        expect(page.get_by_text("已定位")).to_be_visible()
        axe(page)
        field.fits()
        shot(page, "signing-in")
        page.get_by_role("button", name="签到", exact=True).click()
        expect(page.get_by_role("link", name="签到")).to_contain_text("已签到")
        page.get_by_role("link", name="记日志").click()
        page.get_by_role("radio", name="巡查", exact=True).check()
        page.get_by_role("button", name="记日志", exact=True).click()
        expect(page.get_by_role("alert")).to_have_text("请写明情况")
        page.get_by_label("内容").fill("教学楼门窗关好")
        page.get_by_label("内容").blur()

        page = field.reopen()
        page.get_by_role("link", name="白班，值班人员").click()
        expect(page.get_by_role("link", name="签到")).to_contain_text("已签到")
        page.get_by_role("link", name="记日志").click()
        expect(page.get_by_label("内容")).to_have_value("教学楼门窗关好")
        page.get_by_role("button", name="记日志", exact=True).click()
        expect(page.get_by_text("教学楼门窗关好（待上传）")).to_be_visible()
        shot(page, "logged")
        field.fits()
        assert Turn.objects.unscoped().get().in_at is None
        ended = clock.now()
        page.goto(f"{live_server.url}/safety/field/#/")
        expect(page.get_by_text("已存在手机里 2 份")).to_be_visible()
    field.settled(2)
    stored, entry = Turn.objects.unscoped().get(), LogEntry.objects.unscoped().get()
    assert (stored.in_place, stored.late, entry.text, entry.kind) == (
        "near",
        False,
        "教学楼门窗关好",
        "round",
    )
    assert begun <= stored.in_at <= entry.at <= ended, "the phone's own times"
    page.reload()
    field.page = page
    field.synced()
    assert (LogEntry.objects.unscoped().count(), Turn.objects.unscoped().count()) == (1, 1)
