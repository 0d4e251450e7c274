"""A school and its bureau on the phone, from the first tap to the bureau's desk (D11.12, D11.13, S08.4)."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Page, Route, expect

from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.inspection import InspectionMode, InspectionPlan, InspectionRound, InspectionTask
from anlan.domains.safety.reporting import open_rounds, report_incident
from anlan.domains.safety.reports import ReportItem, ReportPlan, SafetyReport
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.files.api import attach
from anlan.engines.forms.api import add_form
from anlan.engines.registry.api import RiskCategory
from anlan.engines.tasks.models import SchoolTask, SchoolTaskPlan
from anlan.engines.tasks.splitting import issue
from anlan.kernel import clock
from tests.factories import a_user, sign_in
from tests.tasks.conftest import PNG
from tests.telling.conftest import Town, opened, read_list, web

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="session", autouse=True)
def loop_allowed() -> Iterator[None]:
    """Playwright's loop runs in this thread; the database is made and emptied while it does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


def picture() -> SimpleUploadedFile:
    """A photo of one pixel."""
    return SimpleUploadedFile("现场.png", PNG, "image/png")


class Day:
    """An ordinary day: a report round, a task, a notice with reply, inspections and hazards at two schools."""

    def __init__(self) -> None:
        self.town = town = Town()
        self.safety = a_user("school_safety", town["S1"], name="林主任")
        today = clock.today()
        create(SYSTEM, ReportItem(org=town.county, title="交通事故"))
        said = {"org": town.county, "title": "每日安全报告", "starts_on": today, "ends_on": today}
        plan = create(web(town.clerk), ReportPlan(deadline_days=1, **said))
        open_rounds(web(town.clerk), plan)
        ends = {"starts_on": today, "ends_on": today, "deadline_days": 1}
        task = SchoolTaskPlan(org=town.county, title="消防自查", kind="inspection", **ends)
        issue(web(town.clerk), task, (town["S1"], town["S2"]))
        due = clock.now() + timedelta(days=1)
        self.notice = town.sent("S1", "S2", reply_wanted=True, reply_by=due)
        self.category = create(SYSTEM, RiskCategory(org=town.county, code="fire", title="消防"))
        self.inspections = {code: self._inspection(code) for code in ("S1", "S2")}
        self.hazards = {code: self._hazard(code) for code in ("S1", "S2")}

    def _inspection(self, code: str) -> InspectionTask:
        town, today = self.town, clock.today()
        form = add_form(web(town.clerk), town.county, title=f"检查表{code}", subject="消防")
        mode = create(SYSTEM, InspectionMode(org=town.county, title=f"巡查{code}", category=self.category))
        said = {
            "org": town.county,
            "title": f"{town[code].name}消防巡查",
            "mode": mode,
            "form": form,
            "ends_on": today,
        }
        plan = create(SYSTEM, InspectionPlan(state="active", **said))
        moments = {"opens_on": today, "due_at": clock.now() + timedelta(days=1)}
        round_ = create(SYSTEM, InspectionRound(org=town.county, plan=plan, number=1, **moments))
        done = {"state": "completed", "submitted_at": clock.now(), "due_at": moments["due_at"]}
        return create(SYSTEM, InspectionTask(org=town[code], round=round_, assignee=town.clerk, **done))

    def _hazard(self, code: str) -> Hazard:
        hazard = create(SYSTEM, Hazard(org=self.town[code], title=f"{code}通道堵塞", category=self.category))
        attach(web(self.town.clerk), hazard, picture(), "before")
        return hazard

    def report(self, code: str = "S1") -> SafetyReport:
        """The report of a school."""
        return SafetyReport.unguarded.select_related("org", "round__plan").get(org=self.town[code])


@pytest.fixture
def day(loop_allowed: None, transactional_db: None) -> Day:
    return Day()


def from_todos(phone: Page, base: str, title: str) -> None:
    phone.goto(f"{base}/todos/")
    phone.get_by_role("link", name=title).first.click()


@pytest.mark.requirement("D11.12")
@pytest.mark.requirement("S08.4")
def test_a_school_does_its_day_on_the_phone_and_the_bureau_sees_it(
    day: Day, phone: Page, live_server: Any, enter: Any, axe: Any, shot: Any, client: Client
) -> None:
    base, town = live_server.url, day.town
    bureau = sign_in(client, town.clerk)
    enter(day.safety)
    phone.goto(f"{base}/")
    shot(phone, "home")
    axe(phone)
    phone.get_by_role("main").get_by_role("button", name="报平安").click()
    phone.get_by_role("dialog").get_by_role("button", name="报平安").click()
    expect(phone.get_by_text("平安（已确认）").first).to_be_visible()
    axe(phone)
    assert day.report().verdict == "safe"
    assert "平安（已确认） 1" in opened(bureau, "/safety/reports/")

    from_todos(phone, base, "冬季防火")
    expect(phone.get_by_text("请逐项排查")).to_be_visible()
    assert read_list(bureau, day.notice, "seen=1") == ["池店一小"]
    axe(phone)
    phone.get_by_role("link", name="反馈", exact=True).click()
    phone.get_by_label("反馈内容").fill("已全部排查")
    phone.get_by_role("button", name="反馈").click()
    expect(phone.get_by_text("已全部排查")).to_be_visible()
    shot(phone, "notice")
    assert "已全部排查" in opened(bureau, f"/safety/notice-copies/?notice={day.notice.pk}&answered=1")

    from_todos(phone, base, "消防自查")
    phone.get_by_role("button", name="接收任务").click()
    phone.get_by_role("button", name="开始执行").click()
    phone.get_by_label("文字说明").fill("灭火器都在有效期内")
    phone.get_by_role("button", name="提交反馈").click()
    expect(phone.get_by_text("灭火器都在有效期内")).to_be_visible()
    shot(phone, "task")
    task = SchoolTask.unguarded.get(org=town["S1"])
    assert task.state == "completed"
    assert "灭火器都在有效期内" in opened(bureau, task.get_absolute_url())

    phone.goto(f"{base}/")
    phone.get_by_role("navigation", name="全部功能").get_by_role("link", name="巡查任务").click()
    expect(phone.get_by_text("池店一小消防巡查")).to_be_visible()
    expect(phone.get_by_text("池店二小消防巡查")).to_have_count(0)
    phone.get_by_role("link", name="池店一小消防巡查").first.click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("池店一小消防巡查")

    late = SafetyReport.unguarded.filter(org=town["S3"])
    late.update(due_at=clock.now() - timedelta(minutes=5))
    third = sign_in(Client(), town.heads["S3"])
    assert third.post(f"{late.get().get_absolute_url()}act/safe").status_code == 303
    assert late.get().late
    mine = sign_in(Client(), day.safety)
    foreign = [
        day.report("S2"), town.copy(day.notice, "S2"), SchoolTask.unguarded.get(org=town["S2"]),
        day.inspections["S2"], day.hazards["S2"],
    ]  # fmt: skip
    for record in foreign:
        assert mine.get(record.get_absolute_url()).status_code == 404, record


@pytest.mark.requirement("D11.13")
def test_the_bureau_browses_reports_inspections_and_hazards_down_to_the_pictures(
    day: Day, phone: Page, live_server: Any, enter: Any, axe: Any, shot: Any
) -> None:
    base, town, today = live_server.url, day.town, clock.today().isoformat()
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    incident = day.report("S2")
    item = ReportItem.unguarded.get()
    report_incident(web(town.heads["S2"]), incident, [item], "校门口剐蹭", photos=[picture()])
    enter(town.clerk)
    kinds = (
        ("/safety/reports/", "due_at", incident, "池店二小", "校门口剐蹭"),
        ("/safety/inspections/", "due_at", day.inspections["S2"], "池店二小消防巡查", "池店二小"),
        ("/safety/hazards/", "found_at", day.hazards["S2"], "S2通道堵塞", "消防"),
    )
    for url, moment, record, title, detail in kinds:
        first, last = (today, tomorrow) if moment == "due_at" else (today, today)
        query = f"org={town['S2'].pk}&{moment}_from={first}&{moment}_to={last}"
        phone.goto(f"{base}{url}?{query}")
        expect(phone.locator("#rows tbody tr")).to_have_count(1)
        axe(phone)
        phone.locator("#rows").get_by_role("link", name=title).first.click()
        expect(phone.get_by_role("main")).to_contain_text(detail)
        assert phone.url.endswith(record.get_absolute_url())
        shot(phone, url.strip("/").replace("/", "-"))
        phone.goto(f"{base}{url}?{moment}_to=2020-01-01")
        expect(phone.get_by_text("没有符合条件的记录")).to_be_visible()
    for record in (incident, day.hazards["S2"]):
        phone.goto(base + record.get_absolute_url())
        expect(phone.locator("main img").first).to_be_visible()
        drawn = "image => image.decode().then(() => image.naturalWidth > 0)"
        assert phone.locator("main img").first.evaluate(drawn)

    def totals() -> list[list[str]]:
        found = []
        for url, *_ in kinds:
            phone.goto(base + url)
            found.append(re.findall(r"\d+", phone.get_by_role("list", name="视图").inner_text()))
        return found

    small = totals()
    phone.set_viewport_size({"width": 1440, "height": 900})
    assert totals() == small
    phone.set_viewport_size({"width": 390, "height": 844})
    _slow(phone, base)


def _slow(phone: Page, base: str) -> None:
    """While the answer is under way a line runs, and the numbers shown are still the whole former ones."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    phone.goto(f"{base}/safety/hazards/")
    foot = phone.locator("#rows").get_by_text("共 2 条")
    expect(foot).to_be_visible()
    phone.route("**/safety/hazards/?*", hold)
    phone.get_by_role("searchbox").fill("S2")
    phone.wait_for_timeout(900)
    assert held
    line = "getComputedStyle(document.getElementById('progress')).opacity"
    assert float(phone.evaluate(line)) > 0
    expect(foot).to_be_visible()
    held[0].continue_()
    expect(phone.locator("#rows").get_by_text("共 1 条")).to_be_visible()
    phone.wait_for_timeout(600)
    assert float(phone.evaluate(line)) == 0
