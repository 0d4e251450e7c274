"""What happens on the phone while the office changes something (D11.9, D01.8, X.22)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, expect

from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.inspection import InspectionTask
from anlan.domains.safety.planning import activate_plan
from anlan.engines.files.api import attachments_of
from anlan.engines.forms.api import Response, publish, save_content
from anlan.engines.tasks.api import cancel_assignment
from anlan.kernel import clock
from tests.browser import Accessibility
from tests.safety.conftest import County
from tests.safety.fieldwork import Field
from tests.safety.patrols import Patrol, question

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def patrol(live_server: Any, county: County) -> Patrol:
    """The cast, seen by the live server."""
    return Patrol(county)


@pytest.mark.requirement("D11.9")
def test_a_task_is_filled_without_a_network_while_the_office_changes_the_form(
    patrol: Patrol, field: Field, enter: Any, axe: Accessibility, shot: Any, picture: Path, live_server: Any
) -> None:
    patrol.task()
    enter(patrol.lin.user)
    page = field.open(390)
    broken = [True]

    def fail(route: Any) -> None:
        route.abort() if broken[0] else route.continue_()

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

    field.context.route("**/files/uploads/**", fail)
    field.hand_in()
    expect(page.get_by_text("照片待传")).to_be_visible()
    field.sheet("school")
    broken[0] = False
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
    page.get_by_text("新表里没有的 1 项").click()
    expect(page.get_by_text("通道：合格")).to_be_visible()
    page.get_by_role("region", name="新增").get_by_role("radio", name="合格", exact=True).check()
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
    field.until(f"Field.store.get('pushed', '{task.pk}')")
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
    desk.locator(".al-item").nth(1).get_by_role("radio", name="合格", exact=True).check()
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


def test_signing_out_locks_the_phone_and_keeps_what_waits_on_it(
    patrol: Patrol, field: Field, enter: Any, live_server: Any
) -> None:
    patrol.task()
    enter(patrol.lin.user)
    page = field.open()
    with field.offline():
        field.sheet("school")
        field.answer(1, "不合格", "缺水枪")
    page.goto(f"{live_server.url}/account/")
    page.locator("form[action='/sign-out/']").first.evaluate("form => form.submit()")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    with field.offline(), pytest.raises(Error):
        page.goto(f"{live_server.url}/safety/field/")
    enter(patrol.lin.user)
    field.open()
    field.sheet("school")
    expect(page.locator(".al-insp__prog b")).to_have_text("1")
    field.forgive("ERR_FAILED")


@pytest.mark.requirement("D11.9")
def test_what_is_typed_while_a_slow_phone_draws_the_page_stays(
    patrol: Patrol, field: Field, enter: Any
) -> None:
    """Reading takes its time: whoever taps an answer and types on at once, types into a page about to be replaced."""
    patrol.task()
    enter(patrol.lin.user)
    page = field.open(390)
    field.sheet("school")
    page.evaluate(
        """() => {
          const read = Field.store.get
          const slowly = (row) => new Promise((done) => setTimeout(done, 700, row))
          Field.store.get = (kind, id) => read(kind, id).then(slowly)
        }"""
    )
    with field.offline():
        field.card(2).get_by_role("radio", name="合格", exact=True).check()
        place = page.get_by_label("地点说明")
        place.press_sequentially("综合楼 2 层", delay=150)
        page.wait_for_timeout(1_500)
        assert place.input_value() == "综合楼 2 层"
        field.reopen()
        field.sheet("school")
        expect(field.page.get_by_label("地点说明")).to_have_value("综合楼 2 层")
