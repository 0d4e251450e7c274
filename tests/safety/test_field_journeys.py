"""Patrol, self-check, quick report and rectification on a phone that loses its network (SAF.56, NF.218, D11.9)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from anlan.domains.safety.groups import GroupAssignment, InspectionGroup
from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.inspection import InspectionTask
from anlan.domains.safety.judging import add_item
from anlan.domains.safety.planning import activate_plan
from anlan.domains.safety.quick import QuickKind, QuickReport
from anlan.domains.safety.special import SpecialCheck, SpecialPart
from anlan.engines.audit.api import Actor, create
from anlan.engines.files.api import attachments_of
from anlan.engines.forms.api import Response, publish, save_content
from anlan.engines.identity.api import User
from anlan.engines.tasks.api import cancel_assignment
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from tests.browser import Accessibility, Faults
from tests.safety.conftest import County
from tests.safety.fieldwork import Field
from tests.safety.patrols import Patrol, question

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def patrol(live_server: Any, county: County) -> Patrol:
    """The cast, seen by the live server."""
    return Patrol(county)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A photo as a phone takes it."""
    path = tmp_path / "hydrant.jpg"
    Image.effect_noise((1200, 900), 40).convert("RGB").save(path, "JPEG")
    return path


@pytest.fixture
def field(phone: Page, context: BrowserContext, live_server: Any, faults: Faults) -> Field:
    """The phone."""
    return Field(phone, context, live_server.url, faults)


def hazard_at(patrol: Patrol) -> Hazard:
    """A hazard the school has to rectify."""
    school, category = patrol.county.units["school"], patrol.county.category
    hazard = create(patrol.bureau, Hazard(org=school, title="灭火器失压", category=category))
    due = clock.now() + timedelta(days=9)
    said = {"grade": "general", "responsible": "何老师", "due_at": due}
    return perform(patrol.bureau, hazard, "confirm", said)  # type: ignore[return-value]


def special_part(patrol: Patrol, head: Actor) -> SpecialPart:
    """A published special check of two items, at the school."""
    county, school = patrol.county.units["county"], patrol.county.units["school"]
    group = create(patrol.bureau, InspectionGroup(org=county, name="第一组", leader=patrol.lin.user))
    create(patrol.bureau, GroupAssignment(org=school, group=group))
    check = create(
        patrol.bureau,
        SpecialCheck(
            org=county, title="冬季消防专项", requirements="逐项自查", responsible=patrol.bureau.user,
            finish_on=clock.today() + timedelta(days=5),
        ),
    )  # fmt: skip
    check.schools.set([school])
    for wording in ("疏散通道畅通", "应急灯完好"):
        values = {"major": "消防", "middle": "", "wording": wording, "standard": "现场查看", "score": 0}
        add_item(patrol.bureau, check, values)
    perform(patrol.bureau, check, "publish")
    return SpecialPart.objects.unscoped().get()


@pytest.mark.requirement("SAF.56")
def test_the_four_kinds_of_field_work_survive_the_loss_of_the_network(
    patrol: Patrol, field: Field, enter: Any, axe: Accessibility, shot: Any, picture: Path
) -> None:
    head = patrol.county.actor("gao", "school_head", "school")
    kind = QuickKind(org=patrol.county.units["county"], title="消防", category=patrol.county.category)
    create(patrol.bureau, kind)
    hazard, part, task = hazard_at(patrol), special_part(patrol, head), patrol.task()

    enter(patrol.lin.user)
    field.open()
    with field.offline():
        field.sheet("school")
        field.answer(1, "合格")
        field.answer(2, "不合格", "缺水枪 1 支")
        field.shoot(picture)
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
    page.wait_for_function("window.Field && window.Field.synced")
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

    for refuse in (field.context.clear_cookies, lambda: disable(staff.user)):
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
        assert reports.count() == 10
    assert page.evaluate("Field.waiting()") == 2


def disable(user: Any) -> None:
    """The account is taken out of use."""
    User.objects.filter(pk=user.pk).update(is_active=False)


@pytest.mark.requirement("D11.9")
def test_a_task_is_filled_without_a_network_while_the_office_changes_the_form(
    patrol: Patrol, field: Field, enter: Any, axe: Accessibility, shot: Any, picture: Path, live_server: Any
) -> None:
    patrol.task()
    enter(patrol.lin.user)
    page = field.open(390)
    broken: list[int] = []

    def fail_once(route: Any) -> None:
        broken.append(1)
        route.abort() if len(broken) == 1 else route.continue_()

    begun = clock.now()
    with field.offline():
        field.sheet("school")
        field.answer(1, "不合格", "压力不足")
        field.shoot(picture, field.card(1))
        field.answer(2, "合格")
        page.get_by_label("地点说明").fill("综合楼 2 层")
        page.get_by_label("地点说明").blur()
        content = {
            "sections": [{"title": "消防", "questions": [question("q1", "灭火器"), question("q9", "新增")]}]
        }
        save_content(patrol.bureau, patrol.form, content)
        publish(patrol.bureau, patrol.form)
    page.get_by_role("link", name="返回任务列表").click()
    page.get_by_role("button", name="同步").click()
    field.sheet("school")
    expect(page.get_by_role("alert")).to_contain_text("检查表已有新版，这次仍按您带走的版本提交")
    shot(page, "told")
    axe(page)
    assert page.locator(".al-insp__prog b").inner_text() == "2"

    field.context.route("**/files/uploads/**", fail_once)
    field.hand_in()
    expect(page.get_by_text("照片待传")).to_be_visible()
    field.sheet("school")
    page.get_by_role("button", name="重传照片").click()
    expect(page.get_by_text("已上传")).to_be_visible()
    page.get_by_role("link", name="返回任务列表").click()
    page.get_by_role("button", name="同步").click()
    field.settled()
    field.forgive("ERR_FAILED", "Failed to load")
    response = Response.objects.unscoped().get()
    assert (response.passed, response.failed, response.location["place"]) == (1, 1, "综合楼 2 层")
    assert response.phone_started_at is not None
    assert begun - timedelta(seconds=5) <= response.phone_started_at <= clock.now()
    [photo] = attachments_of(response)
    assert (photo.caption, photo.taken_at is not None) == ("school", True)
    hazard = Hazard.objects.unscoped().get()
    assert [one.caption for one in attachments_of(hazard, "before")] == ["school"]


@pytest.mark.requirement("D01.8")
def test_a_result_for_a_withdrawn_task_is_refused_and_stays_readable(
    patrol: Patrol, field: Field, enter: Any, axe: Accessibility, shot: Any, picture: Path
) -> None:
    task = patrol.task()
    enter(patrol.lin.user)
    page = field.open()
    with field.offline():
        field.sheet("school")
        field.answer(1, "合格")
        field.answer(2, "不合格", "缺水枪 1 支")
        field.shoot(picture)
        field.hand_in()
        cancel_assignment(patrol.bureau, InspectionTask.objects.unscoped().get(pk=task.pk), "学校停课")
    expect(page.get_by_text("未收下")).to_be_visible(timeout=20_000)
    field.forgive("409", "403")
    assert Response.objects.unscoped().count() == 0
    field.sheet("school")
    expect(page.get_by_role("alert").first).to_contain_text("已撤回")
    assert field.card(2).get_by_label("哪里不合格").input_value() == "缺水枪 1 支"
    expect(field.card(2).get_by_role("img")).to_be_visible()
    axe(page)
    shot(page, "refused")


def test_an_exchanged_form_keeps_the_answers_it_still_asks_for(
    patrol: Patrol, field: Field, enter: Any
) -> None:
    task = patrol.task()
    other = patrol.published("新表")
    content = {
        "sections": [{"title": "消防", "questions": [question("q1", "灭火器"), question("q9", "新增")]}]
    }
    save_content(patrol.bureau, other, content)
    publish(patrol.bureau, other)
    other.refresh_from_db()
    enter(patrol.lin.user)
    page = field.open()
    with field.offline():
        field.sheet("school")
        field.answer(1, "合格")
        field.answer(2, "合格")
        InspectionTask.unguarded.filter(pk=task.pk).update(form_version=other.version_in_use)
    page.get_by_role("link", name="返回任务列表").click()
    page.get_by_role("button", name="同步").click()
    field.sheet("school")
    expect(page.get_by_role("alert")).to_contain_text("检查表换了新版：已填的答案都保留")
    expect(page.locator(".al-insp__prog b")).to_have_text("1")
    field.answer(2, "合格")
    field.hand_in()
    field.settled()
    assert {answer.question for answer in Response.objects.unscoped().get().answers.all()} == {"q1", "q9"}


@pytest.mark.requirement("X.22")
def test_computer_and_phone_work_on_the_same_task(
    patrol: Patrol, field: Field, enter: Any, context: BrowserContext, shot: Any, live_server: Any
) -> None:
    activate_plan(patrol.bureau, patrol.plan([patrol.lin], ["school", "second"]))
    task = InspectionTask.objects.unscoped().get(org=patrol.county.units["school"])
    enter(patrol.lin.user)
    phone = field.open()
    desk = context.new_page()

    def number(view: str) -> str:
        desk.goto(f"{live_server.url}/safety/inspections/")
        return desk.get_by_role("link", name=view).locator(".al-count").inner_text()

    assert [number(view) for view in ("待完成", "执行中", "已完成")] == ["2", "0", "0"]
    desk.goto(f"{live_server.url}{task.get_absolute_url()}")
    desk.get_by_role("button", name="接收任务").click()
    desk.get_by_role("dialog").get_by_role("button", name="接收任务").click()
    field.sheet("school")
    field.answer(1, "不合格", "缺水枪")
    expect(phone.locator(".al-insp__prog b")).to_have_text("1")
    phone.wait_for_function(f"Field.store.get('pushed', '{task.pk}')", timeout=15_000)
    assert [number(view) for view in ("待完成", "执行中", "已完成")] == ["1", "1", "0"]

    desk.goto(f"{live_server.url}{task.get_absolute_url()}")
    desk.get_by_role("button", name="在本机填写").click()
    desk.get_by_role("dialog").get_by_role("button", name="在本机填写").click()
    first = desk.locator(".al-item").nth(0)
    expect(first.get_by_label("情况说明")).to_have_value("缺水枪")
    phone.bring_to_front()
    field.card(1).get_by_label("哪里不合格").fill("缺水枪和水带")
    field.card(1).get_by_label("哪里不合格").blur()
    phone.wait_for_timeout(4500)
    first.get_by_label("情况说明").fill("电脑上的说法")
    desk.locator(".al-item").nth(1).get_by_text("合格", exact=True).first.click()
    desk.get_by_role("button", name="存草稿").click()
    expect(desk.get_by_text("另一台设备刚改过这一项").first).to_be_visible()
    field.forgive("409")
    expect(desk.locator(".al-item").nth(0).get_by_label("情况说明")).to_have_value("缺水枪和水带")
    shot(desk, "conflict")

    phone.bring_to_front()
    phone.get_by_role("link", name="返回任务列表").click()
    phone.get_by_role("button", name="同步").click()
    field.sheet("school")
    expect(phone.locator(".al-insp__prog b")).to_have_text("2")
    field.hand_in()
    expect(phone.get_by_text("已上传")).to_be_visible(timeout=20_000)
    assert [number(view) for view in ("待完成", "执行中", "已完成")] == ["1", "0", "1"]
    answers = {row.question: (row.value, row.note) for row in Response.objects.unscoped().get().answers.all()}
    assert answers == {"q1": ("fail", "缺水枪和水带"), "q2": ("pass", "")}
    assert Hazard.objects.unscoped().count() == 1
