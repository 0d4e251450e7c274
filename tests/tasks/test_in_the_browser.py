"""Pages of tasks and messages in Chromium: no errors, no accessibility faults, nothing sideways, live by themselves."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from anlan.engines.audit.api import Actor
from anlan.engines.messaging.api import send
from anlan.engines.tasks.api import Job, accept, request_extension, start, submit, transfer
from anlan.engines.tasks.models import SchoolTask
from anlan.kernel import clock
from tests.tasks.conftest import Office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.fixture(scope="session", autouse=True)
def loop_allowed():
    """Playwright's loop runs in this thread; the database is made and emptied while it does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture
def busy(loop_allowed, transactional_db) -> Office:
    """A school with tasks in every state, messages and jobs."""
    office, today = Office(), clock.today()
    late = clock.now() - timedelta(days=3)
    values = {"deadline_days": 3, "evidence": ["text", "photos"], "checklist": ["灭火器", "疏散通道"]}
    office.give(office.clerk, (office.first,), day=today, title="专项检查", kind="inspection", **values)
    task = office.latest()
    for step in (accept, start):
        step(Actor.person(office.head), task)
    overdue = office.own(day=late.date(), title="食堂周边整治")
    transfer(Actor.person(office.anna), overdue, office.ben, "出差")
    request_extension(Actor.person(office.ben), overdue, clock.now() + timedelta(days=3), "等材料")
    done = office.own(day=today, title="消防演练", deadline_days=2)
    for step in (accept, start):
        step(Actor.person(office.anna), done)
    submit(Actor.person(office.anna), done, {"text": "完成"})
    send("messaging.urged", [office.head], task, key="k", context={"by": "王科", "note": ""})
    Job.objects.create(code="x", title="导出", user=office.head, state="running", done=1, total=3)
    return office


def test_every_page_is_sound_on_computer_and_phone(busy, page, enter, live_server, axe):
    enter(busy.head)
    tasks = [task.get_absolute_url() for task in SchoolTask.unguarded.all()]
    places = ["/todos/", "/messages/", "/messages/settings/", "/jobs/", "/tasks/", "/tasks/new/", *tasks]
    places += ["/tasks/calendar/", "/tasks/calendar/?view=week", "/tasks/statistics/", f"{tasks[0]}split/"]
    for width, height in ((1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        for place in places:
            page.goto(live_server.url + place)
            axe(page)
            assert not page.evaluate(WIDER), f"{place} is wider than {width}"


def test_an_open_list_shows_each_step_without_a_reload(busy, page, enter, live_server):
    enter(busy.head)
    task = busy.own(day=clock.today(), title="楼道巡查", deadline_days=1)
    page.goto(f"{live_server.url}/tasks/?q=楼道巡查")
    row = page.locator("#rows tr", has_text="楼道巡查")
    expect(row).to_contain_text("待完成")
    for step, word in ((accept, "已接收"), (start, "执行中"), (submit, "已完成")):
        step(Actor.person(busy.anna), task)
        expect(row).to_contain_text(word, timeout=10_000)


def test_the_badge_falls_when_the_matter_is_done(busy, phone, enter, live_server):
    enter(busy.anna)
    task = busy.own(day=clock.today() - timedelta(days=2), title="旧任务")
    phone.goto(f"{live_server.url}/todos/")
    assert phone.locator(".al-queue__item").count() == 1
    tab = phone.locator("nav a", has_text="待办").last
    expect(tab).to_contain_text("1")
    phone.get_by_role("link", name="旧任务").click()
    phone.get_by_role("button", name="接收任务").click()
    phone.get_by_role("button", name="开始执行").click()
    phone.get_by_role("button", name="提交反馈").click()
    expect(phone.get_by_text("第 1 次反馈")).to_be_visible()
    task.refresh_from_db()
    assert task.late
    phone.goto(f"{live_server.url}/todos/")
    expect(phone.get_by_text("都办完了").first).to_be_visible()
    expect(tab).not_to_contain_text("1")
