"""Patrol, self-check, quick report and rectification on a phone that loses its network (SAF.56, NF.218, D11.9)."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from anlan.domains.safety.quick import QuickKind, QuickReport
from anlan.engines.audit.api import create
from anlan.engines.files.api import attachments_of
from anlan.engines.identity.api import User
from tests.browser import Accessibility
from tests.safety.conftest import County
from tests.safety.fieldcases import hazard_at, special_part
from tests.safety.fieldwork import Field
from tests.safety.patrols import Patrol

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def patrol(live_server: Any, county: County) -> Patrol:
    """The cast, seen by the live server."""
    return Patrol(county)


@pytest.mark.requirement("SAF.56")
@pytest.mark.requirement("NF.218")
def test_the_four_kinds_of_field_work_survive_the_loss_of_the_network(
    patrol: Patrol, field: Field, enter: Any, axe: Accessibility, shot: Any, picture: Path
) -> None:
    head = patrol.county.actor("gao", "school_head", "school")
    kind = QuickKind(org=patrol.county.units["county"], title="消防", category=patrol.county.category)
    create(patrol.bureau, kind)
    hazard, part, task = hazard_at(patrol), special_part(patrol), patrol.task()

    enter(patrol.lin.user)
    field.open()
    with field.offline():
        field.sheet("school")
        field.answer(1, "合格")
        field.answer(2, "不合格", "缺水枪 1 支")
        field.shoot(picture)
        field.fits()
        field.hand_in()
    field.settled()

    enter(head.user)
    page = field.open()
    page.get_by_text("灭火器失压").wait_for()
    axe(page)
    shot(page, "home")
    with field.offline():
        page.get_by_role("link", name="随手报").click()
        page.get_by_role("button", name="上报").click()
        expect(page.get_by_role("alert")).to_have_text("请拍一张照片，或写一句说明")
        field.shoot(picture)
        page.get_by_label("地点").fill("教学楼二层")
        page.get_by_label("情况说明").fill("扶手松动")
        axe(page)
        field.fits()
        shot(page, "report")
        page.get_by_role("button", name="上报").click()
        expect(page.get_by_text("已存在手机里 1 份")).to_be_visible()

        page.get_by_role("link", name="灭火器失压").click()
        page.get_by_label("整改措施").fill("已更换")
        page.get_by_role("button", name="提交整改").click()
        expect(page.get_by_role("alert")).to_have_text("请拍整改后的照片")
        field.shoot(picture)
        axe(page)
        field.fits()
        shot(page, "rectify")

        page = field.reopen()
        page.get_by_role("link", name="灭火器失压").click()
        expect(page.get_by_label("整改措施")).to_have_value("已更换")
        page.get_by_role("button", name="提交整改").click()

        page.get_by_role("link", name="冬季消防专项").click()
        field.card(1).get_by_role("radio", name="合格", exact=True).check()
        page.get_by_role("button", name="提交自查").click()
        expect(page.get_by_role("alert")).to_have_text("还有 1 项没有填完")
        field.card(2).get_by_role("radio", name="不合格", exact=True).check()
        field.card(2).get_by_label("哪里不合格").fill("2 盏不亮")
        field.shoot(picture)
        page.get_by_label("自查情况").fill("发现 1 处，已报修")
        axe(page)
        field.fits()
        shot(page, "self-check")
        page.get_by_role("button", name="提交自查").click()
        expect(page.get_by_text("已存在手机里 3 份")).to_be_visible()
        assert QuickReport.objects.unscoped().count() == 0
    field.settled(3)

    task.refresh_from_db()
    report = QuickReport.objects.unscoped().get()
    hazard.refresh_from_db()
    part.refresh_from_db()
    assert (task.state, report.text, report.place) == ("completed", "扶手松动", "教学楼二层")
    assert (hazard.state, hazard.measure, part.state, part.findings) == (
        "submitted", "已更换", "group", "发现 1 处，已报修",
    )  # fmt: skip
    assert [row.school_verdict for row in part.results.all()] == ["pass", "fail"]
    pictures = [
        attachments_of(report, "photo"),
        attachments_of(hazard, "after"),
        attachments_of(part, "evidence"),
    ]
    assert [len(one) for one in pictures] == [1, 1, 1]
    assert {(one[0].caption, one[0].taken_at is not None) for one in pictures} == {("school", True)}
    page.reload()
    field.synced()
    assert QuickReport.objects.unscoped().count() == 1
    assert field.rows()["file"] == 0


@pytest.mark.requirement("NF.218")
def test_ten_records_without_a_network_come_in_once_each(
    patrol: Patrol, field: Field, enter: Any, shot: Any, picture: Path
) -> None:
    staff = patrol.county.actor("sun", "school_safety", "school")
    create(
        patrol.bureau,
        QuickKind(org=patrol.county.units["county"], title="消防", category=patrol.county.category),
    )
    enter(staff.user)
    page = field.open()
    with field.offline():
        for number in range(10):
            page.get_by_role("link", name="随手报", exact=True).click()
            field.shoot(picture)
            page.get_by_label("地点").fill(f"第 {number} 处")
            page.get_by_role("button", name="上报").click()
            expect(page.get_by_text(f"已存在手机里 {number + 1} 份")).to_be_visible()
        field.fits()
        shot(page, "ten-waiting")
        assert (field.rows()["errand"], field.rows()["file"]) == (10, 10)

    field.settled(10)
    reports = QuickReport.objects.unscoped()
    assert sorted(report.place for report in reports) == [f"第 {number} 处" for number in range(10)]
    assert {len(attachments_of(report, "photo")) for report in reports} == {1}

    for refuse, stored in ((field.context.clear_cookies, 10), (lambda: disable(staff.user), 11)):
        enter(staff.user)
        page = field.open()
        page.get_by_role("link", name="随手报", exact=True).click()
        page.get_by_label("地点").fill("退出以后")
        page.get_by_label("情况说明").fill("没有发出")
        refuse()
        page.get_by_role("button", name="上报").click()
        expect(page.get_by_text("登录已过期")).to_be_visible()
        expect(page.get_by_text("待上传").last).to_be_visible()
        field.forgive("401")
        assert page.evaluate("Field.waiting()") == 1
        assert QuickReport.objects.unscoped().count() == stored
        page.reload()
        assert QuickReport.objects.unscoped().count() == stored


def disable(user: Any) -> None:
    """The account is taken out of use."""
    User.objects.filter(pk=user.pk).update(is_active=False)
