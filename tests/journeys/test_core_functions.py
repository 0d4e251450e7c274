"""The seven core functions: every role finds its own on the home page, and one story passes through all (X.26)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from anlan.base.commanding import COMMANDERS
from anlan.base.people import Person
from anlan.base.roles import ROLES
from anlan.domains.alarms.alarms import Alarm
from anlan.domains.duty.rosters import Roster, Turn, Watch
from anlan.domains.safety.core_functions import CORE
from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.incidents import Incident
from anlan.domains.safety.notice_copies import NoticeCopy
from anlan.domains.safety.notices import Notice
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.org.api import may
from anlan.engines.tasks.api import run_plans
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from tests.factories import a_tree, a_user, sign_in
from tests.journeys.test_week import SCHOOLS, Week
from tests.journeys.walk import DESK, PHONE, Walk
from tests.telling.conftest import Town, web

INCIDENT = "操场围网倒塌"
ORDER = "关于立即排查围网和围墙的指令"
ENDED = {  # what lies in the archive in the end
    "safety.inspection_plans": 1,
    "safety.inspections": 2,
    "safety.hazards": 2,
    "safety.incidents": 2,  # the one reported, and the emergency that the alarm began
    "safety.notices": 1,
    "alarms.alarms": 1,
}


def functions_of(client: Client) -> dict[str, str]:
    """The core functions on the home page: name and address."""
    page = client.get("/").content.decode()
    card = page.split("核心业务")[1].split("</section>")[0] if "核心业务" in page else ""
    return {title: url for url, title in re.findall(r'<a href="([^"]+)">([^<]+)</a>', card)}


@pytest.mark.django_db
@pytest.mark.sqlite  # of rights, decided in Python
@pytest.mark.requirement("X.26")
def test_every_role_finds_the_functions_it_uses_on_the_home_page_and_only_commanders_command() -> None:
    tree = a_tree()
    opened: dict[str, tuple[str, int]] = {}
    for code in ROLES:
        unit = tree.county if code in (*COMMANDERS, "bureau_viewer", "inspector") else tree.school
        user = a_user(code, unit)
        client = sign_in(Client(), user)
        found = functions_of(client)
        assert list(found) == [
            title for title, ways in CORE.items() if any(may(user, ask) for _, ask in ways)
        ], code
        for title, url in found.items():
            if url not in opened:
                opened[url] = title, client.get(url).status_code
        assert (client.get("/command/").status_code == 200) == (code in COMMANDERS), code
    assert {title for title, _ in opened.values()} == set(CORE)
    assert {status for _, status in opened.values()} == {200}


class Story:
    """A week at two schools, told further by telephone, on the command page and in the archive."""

    def __init__(self, walk: Walk) -> None:
        self.walk, self.week = walk, Week(Town())
        self.bureau, self.managers, self.town = self.week.town.clerk, self.week.managers, self.week.town
        self.desk = sign_in(Client(), self.bureau)

    def from_home(self, user: Any, size: dict[str, int], title: str) -> Page:
        """The person opens a core function from the home page."""
        page = self.walk.as_(user, size, "/")
        link = page.get_by_role("region", name="核心业务").get_by_role("link", name=title)
        link.click()
        page.wait_for_load_state()
        return page

    def an_alarm_and_a_shift(self) -> Alarm:
        """At the first school somebody stands duty tonight, and a panic button is pressed."""
        unit, today, now = self.town["S1"], clock.today(), clock.now()
        roster = create(SYSTEM, Roster(org=unit, title="本周值班", first=today, last=today))
        hours = {"begins_at": now - timedelta(hours=1), "ends_at": now + timedelta(hours=26)}
        watch = Watch(org=unit, roster=roster, day=today, name="夜班", leaders=0, members=1, **hours)
        person = create(SYSTEM, Person(org=unit, name="孙值班", phone="13800010001"))
        create(SYSTEM, Turn(org=unit, watch=create(SYSTEM, watch), person=person))
        Roster.unguarded.filter(pk=roster.pk).update(state="published")
        alarm = create(SYSTEM, Alarm(org=unit, kind="panic", at=now, last_at=now, place="北门"))
        return perform(SYSTEM, alarm, "call")  # type: ignore[return-value]

    def the_incident_is_reported_on_the_phone(self) -> Incident:
        """By the second school's manager."""
        page = self.from_home(self.managers["S2"], PHONE, "安全事件上报")
        page.get_by_label("事件", exact=True).fill(INCIDENT)
        page.get_by_label("经过").fill("大风吹倒操场围网，无人受伤。")
        page.get_by_role("button", name="登记安全事件").click()
        expect(page.get_by_role("heading", level=1, name=INCIDENT)).to_be_visible()
        return Incident.objects.unscoped().get(title=INCIDENT)

    def an_order_goes_out(self) -> Notice:
        """Begun on the command page, sent to both schools."""
        page = self.walk.page
        page.get_by_role("link", name="下达指令").click()
        expect(page.get_by_label("紧急")).to_be_checked()
        expect(page.get_by_label("需要反馈")).to_be_checked()
        said = {"org": self.town.county.pk, "kind": "notice", "title": ORDER, "body": "今天下班前反馈。"}
        self.desk.post(
            "/safety/notices/new", said | {"urgent": "on", "reply_wanted": "on", "late_allowed": "on"}
        )
        notice = Notice.objects.unscoped().get(title=ORDER)
        named = {"named": [self.town[code].pk for code in SCHOOLS]}
        assert self.desk.post(f"{notice.get_absolute_url()}act/address", named).status_code == 303
        assert self.desk.post(f"{notice.get_absolute_url()}act/publish").status_code == 303
        return notice

    def a_school_answers(self, notice: Notice, code: str) -> None:
        """Reads and answers."""
        url = NoticeCopy.objects.unscoped().get(notice=notice, org=self.town[code]).get_absolute_url()
        client = sign_in(Client(), self.town.heads[code])
        assert client.get(url).status_code == 200
        assert client.post(f"{url}act/answer", {"reply": "已排查"}).status_code == 303

    def the_cause_becomes_a_hazard(self, incident: Incident) -> None:
        """By the bureau, from the page of the incident."""
        said = {"title": "围网基础松动", "category": self.week.fire.pk}
        assert self.desk.post(f"{incident.get_absolute_url()}act/to_hazard", said).status_code == 303

    def every_hazard_is_put_right(self) -> None:
        """The one the inspector found and the one behind the incident."""
        due = clock.now() + timedelta(days=3)
        for hazard in list(Hazard.objects.unscoped()):
            school = web(self.managers[hazard.org.code])
            perform(
                web(self.bureau),
                hazard,
                "confirm",
                {"grade": "general", "responsible": "何静", "due_at": due},
            )
            perform(school, hazard, "submit", {"measure": "已整改"}, files={"after": 1})
            perform(web(self.bureau), hazard, "approve")
            perform(web(self.week.inspector), hazard, "pass_recheck", {"opinion": "合格"})
            perform(web(self.bureau), hazard, "strike_off")

    def everything_is_put_away(self, alarm: Alarm, notice: Notice) -> None:
        """The alarm is closed, incidents and order go into the archive, the plan of inspections runs out."""
        manager = web(self.managers["S1"])
        perform(manager, alarm, "take")
        perform(manager, alarm, "close", {"judgement": "false", "reason": "误碰"})
        for record in (*Incident.objects.unscoped(), notice):
            assert self.desk.post(f"{record.get_absolute_url()}archive").status_code == 303
        with clock.moved(clock.now() + timedelta(days=10)):
            run_plans()

    def number(self, url: str) -> int:
        """How many rows a list has for the bureau."""
        return int(self.desk.get(f"/api{url}").json()["count"])


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.requirement("X.26")
def test_one_story_passes_through_all_seven_and_ends_archived_and_counted(
    page: Page, live_server: Any, enter: Callable[[Any], None], axe: Any, shot: Any
) -> None:
    story = Story(Walk(page, live_server.url, enter, axe, shot))
    story.week.tasks_are_issued_and_the_schools_checked()
    alarm = story.an_alarm_and_a_shift()
    incident = story.the_incident_is_reported_on_the_phone()

    story.from_home(story.bureau, DESK, "日常安全检查")
    expect(page.get_by_role("main")).to_contain_text(str(story.town["S2"]))
    story.from_home(story.bureau, PHONE, "安全事件查询")
    page.get_by_role("link", name=INCIDENT).click()
    expect(page.get_by_role("heading", level=1, name=INCIDENT)).to_be_visible()

    page.clock.install()
    story.from_home(story.bureau, DESK, "安全工作指挥")
    for words in (INCIDENT, "一键报警 北门", "孙值班"):
        expect(page.get_by_role("main")).to_contain_text(words)
    notice = story.an_order_goes_out()
    story.walk.as_(story.bureau, PHONE, "/command/")
    orders = page.get_by_role("region", name="指令落实")
    expect(orders).to_contain_text("已阅 0/2，反馈 0/2")
    assert story.desk.post(f"{notice.get_absolute_url()}archive").status_code == 409  # nobody has answered
    for code in SCHOOLS:
        story.a_school_answers(notice, code)
    page.clock.fast_forward(16_000)
    expect(orders).to_contain_text("已阅 2/2，反馈 2/2")
    story.walk.look("command-phone")

    story.the_cause_becomes_a_hazard(incident)
    story.from_home(story.managers["S2"], PHONE, "隐患排查防范")
    page.get_by_role("link", name="围网基础松动").click()
    expect(page.get_by_role("heading", level=1, name="围网基础松动")).to_be_visible()
    story.every_hazard_is_put_right()
    story.everything_is_put_away(alarm, notice)

    story.from_home(story.bureau, DESK, "安全资料归档")
    for title in (INCIDENT, ORDER, "围网基础松动"):
        expect(page.get_by_role("main")).to_contain_text(title)
    for ledger, number in ENDED.items():
        assert story.number(f"/archives/holdings/?ledger={ledger}") == number, ledger
    page = story.from_home(story.bureau, PHONE, "大数据分析")
    expect(page.get_by_role("definition").first).to_contain_text("2")
    page.get_by_role("definition").first.get_by_role("link").click()
    expect(page.get_by_role("main")).to_contain_text("围网基础松动")
    story.walk.as_(story.bureau, DESK, "/command/")
    for words in ("近 7 天未归档事件0起", "指令未反馈0校", "无人接警0次", "逾期隐患0条"):
        expect(page.get_by_role("main")).to_contain_text(words)
    story.walk.look("command-end")
