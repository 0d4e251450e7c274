"""The tracking list by itself, the long list on a phone, and a whole inspection by keyboard alone (D01.9, D11.7)."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from anlan.domains.safety.gathering import findings_of
from anlan.domains.safety.inspecting import open_sheet
from anlan.domains.safety.inspection import InspectionTask
from anlan.engines.audit.api import AuditEntry
from anlan.engines.forms.api import submit as hand_in
from anlan.engines.tasks.api import accept, start
from anlan.engines.tasks.api import submit as complete
from anlan.kernel import clock
from anlan.kernel.errors import Conflict
from tests.browser import Accessibility, Faults
from tests.safety.conftest import County
from tests.safety.patrols import TASKS, Patrol, browser, said

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEN_SECONDS = 10_000


@pytest.fixture
def patrol(live_server: Any, county: County) -> Patrol:
    """The cast, seen by the live server."""
    return Patrol(county)


@pytest.mark.requirement("D01.9")
def test_the_tracking_list_follows_by_itself_and_jumps_are_refused(
    patrol: Patrol, page: Page, live_server: Any, enter: Any, axe: Accessibility
) -> None:
    task = patrol.task()
    enter(patrol.bureau.user)
    page.goto(live_server.url + TASKS)
    row = page.locator("tbody tr").first
    expect(row).to_contain_text("待完成")
    axe(page)
    with pytest.raises(Conflict):
        complete(patrol.lin, task)
    accept(patrol.lin, task)
    expect(row).to_contain_text("待完成（已接收）", timeout=TEN_SECONDS)
    start(patrol.lin, task)
    expect(row).to_contain_text("执行中", timeout=TEN_SECONDS)
    response = open_sheet(patrol.lin, task)
    hand_in(patrol.lin, response, said(q1="pass", q2="fail"))
    expect(row).to_contain_text("已完成", timeout=TEN_SECONDS)

    task = InspectionTask.objects.unscoped().get(pk=task.pk)
    with pytest.raises(Conflict):
        start(patrol.lin, task)
    lin = browser(patrol.lin)
    assert lin.post(f"{task.get_absolute_url()}act/take").status_code == 409
    other = {"answers": [{"question": "q1", "value": "fail", "note": "改了", "at": clock.now().isoformat()}]}
    address = f"/forms/responses/{response.uid}/submit.json"
    assert lin.post(address, other, content_type="application/json").status_code in (403, 409)
    refused = AuditEntry.objects.filter(action__startswith="refused:", succeeded=False).values_list(
        "action", "actor"
    )
    assert sorted(refused) == [("refused:start", "lin"), ("refused:submit", "lin"), ("refused:submit", "lin"),
                               ("refused:take", "lin")]  # fmt: skip
    page.goto(live_server.url + task.get_absolute_url())
    history = page.get_by_role("region", name="办理记录")
    for step in ("接收", "开始执行", "提交"):
        entry = history.locator("li", has=page.get_by_text(step, exact=True))
        expect(entry.first).to_contain_text("lin")
        expect(entry.first.locator("time")).to_be_visible()


@pytest.mark.requirement("D11.7")
def test_the_bureau_asks_for_tasks_on_the_phone(
    patrol: Patrol, phone: Page, live_server: Any, enter: Any, axe: Accessibility, shot: Any
) -> None:
    tasks = [patrol.task(title=f"巡查{number:02d}") for number in range(25)]
    response = open_sheet(patrol.lin, tasks[3])
    hand_in(patrol.lin, response, said(q1="pass", q2="fail"), location={"place": "综合楼 2 层"})
    InspectionTask.unguarded.filter(pk=tasks[4].pk).update(due_at=clock.now() + timedelta(days=60))
    enter(patrol.bureau.user)
    phone.goto(live_server.url + TASKS)
    expect(phone.locator("tbody tr")).to_have_count(20)
    axe(phone)
    shot(phone, "list")
    phone.mouse.wheel(0, 20_000)
    expect(phone.locator("tbody tr")).to_have_count(25)
    assert not phone.evaluate("document.documentElement.scrollWidth > window.innerWidth")

    week = clock.today() + timedelta(days=8)
    query = f"?assignee={patrol.lin.user.pk}&due_at_to={week}&sort=name"
    desk = browser(patrol.bureau).get(f"/api{TASKS}{query}&size=50").json()
    phone.goto(f"{live_server.url}{TASKS}{query}&size=50")
    shown = phone.locator("tbody tr").count()
    assert (shown, desk["count"]) == (24, 24)
    phone.goto(live_server.url + TASKS)
    phone.get_by_label("搜索巡查任务").fill("巡查03")
    expect(phone.locator("tbody tr")).to_have_count(1)
    phone.locator("tbody tr a").first.click()
    for word in ("已完成", "缺水枪", "综合楼 2 层", "不合格", "消防检查表 第 1 版"):
        expect(phone.get_by_role("main").get_by_text(word).locator("visible=true").first).to_be_visible()
    axe(phone)
    shot(phone, "detail")


def tab_to(page: Page, wanted: Locator) -> None:
    """Reach something with the Tab key alone."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if wanted.count() and wanted.evaluate("element => element === document.activeElement"):
            return
    trail = page.evaluate("document.activeElement.outerHTML.slice(0, 200)")
    pytest.fail(f"Tab never reaches {wanted}; it stands at {trail}")


def test_an_inspection_is_planned_and_filled_in_by_keyboard_alone(
    patrol: Patrol, page: Page, live_server: Any, enter: Any, axe: Accessibility, shot: Any, faults: Faults
) -> None:
    keys = page.keyboard
    enter(patrol.bureau.user)
    page.goto(live_server.url + "/safety/inspection-plans/new")
    tab_to(page, page.get_by_label("名称", exact=True))
    keys.type("键盘计划")
    for label, choice in (("巡查模式", "日常巡查"), ("检查表", "消防检查表")):
        tab_to(page, page.get_by_label(label, exact=True))
        keys.press("ArrowDown")
        expect(page.get_by_label(label, exact=True).locator("option:checked")).to_have_text(choice)
    tab_to(page, page.get_by_label("结束日期"))
    last = clock.today() + timedelta(days=30)
    keys.type(f"{last:%m%d%Y}")
    if not page.get_by_label("结束日期").input_value():
        keys.type(f"{last:%Y%m%d}")
    tab_to(page, page.get_by_label("期限（天）"))
    keys.press("Control+a")
    keys.type("7")
    tab_to(page, page.get_by_role("group", name="巡查员").get_by_label("lin", exact=True))
    keys.press("Space")
    tab_to(page, page.get_by_role("group", name="学校").get_by_label("school", exact=True))
    keys.press("Space")
    axe(page)
    shot(page, "plan")
    tab_to(page, page.get_by_role("button", name="登记巡查计划"))
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1, name="键盘计划")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="下发计划"))
    keys.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    tab_to(page, page.get_by_role("dialog").get_by_role("button", name="下发计划"))
    keys.press("Enter")
    expect(page.get_by_role("heading", name="各轮任务")).to_be_visible()

    task = InspectionTask.objects.unscoped().get()
    enter(patrol.lin.user)
    page.goto(live_server.url + task.get_absolute_url())
    tab_to(page, page.get_by_role("link", name="去检查"))
    keys.press("Enter")
    expect(page.locator("#field[data-synced]")).to_be_attached()
    tab_to(page, page.locator(".al-item").nth(0).get_by_role("radio", name="合格", exact=True))
    keys.press("Space")
    expect(page.locator(".al-insp__prog b")).to_have_text("1")
    second = page.locator(".al-item").nth(1)
    tab_to(page, second.get_by_role("radio", name="合格", exact=True))
    keys.press("ArrowRight")
    expect(page.get_by_label("哪里不合格")).to_be_visible()
    tab_to(page, page.get_by_label("哪里不合格"))
    keys.type("缺水枪 1 支")
    tab_to(page, page.get_by_label("不便手写"))
    keys.press("Space")
    axe(page)
    shot(page, "sheet")
    tab_to(page, page.get_by_role("button", name="签字提交"))
    keys.press("Enter")
    expect(page.get_by_text("已上传")).to_be_visible(timeout=20_000)
    task.refresh_from_db()
    assert (task.state, task.response.signature) == ("completed", "confirmed")
    assert [finding.note for finding in findings_of(task)] == ["缺水枪 1 支"]
