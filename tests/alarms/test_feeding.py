"""Attendance and visitors from a feed: at their school and day, once; the unknown held back; strangers refused."""

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from anlan.base.people import Person
from anlan.base.schools import School
from anlan.domains.alarms.feed_records import FeedRecord, HeldRecord
from anlan.domains.alarms.passes import Pass
from anlan.domains.alarms.sources import Source, issue_key, signature
from anlan.domains.guards.visits import Visit
from anlan.domains.safety.hazards import Hazard
from anlan.engines.audit.api import Actor, create
from anlan.engines.org.api import OrgUnit, Record
from anlan.kernel import clock
from tests.conformance.rows import values_for
from tests.factories import a_tree, a_user
from tests.site_security.conftest import line, web

pytestmark = pytest.mark.django_db
HELD, PAGE = "/alarms/held-records/", "/alarms/school-days/"


class Feed:
    """A county with two schools, a pupil's card and a teacher at one, and another system that reports for all."""

    def __init__(self) -> None:
        self.tree = a_tree()
        self.bureau = Actor.person(a_user("bureau_safety", self.tree.county), "web")
        self.officer = Actor.person(a_user("school_safety", self.tree.school), "web")
        self.stranger = Actor.person(a_user("school_safety", self.tree.sister_school), "web")
        self.source = create(self.bureau, Source(org=self.tree.county, code="att", title="考勤平台"))
        self.key = issue_key(self.bureau, self.source)
        self.unit = self.tree.school.code
        self.day = clock.today() - timedelta(days=1)
        create(self.officer, Person(org=self.tree.school, name="何老师"))
        self.a_pass("C1", "student", "张同学")

    def a_pass(self, card: str, of: str, holder: str) -> None:
        """Register a card."""
        create(self.officer, Pass(org=self.tree.school, card=card, person_class=of, holder=holder))

    def post(self, *records: dict[str, Any], key: str = "", source: str = "att") -> Any:
        """The answer to one signed request."""
        body, stamp = json.dumps({"records": records}).encode(), str(int(clock.now().timestamp()))
        signed = signature(key or self.key, stamp, body)
        headers = {"X-Anlan-Source": source, "X-Anlan-Time": stamp, "X-Anlan-Signature": signed}
        client = Client(enforce_csrf_checks=True)
        return client.post("/alarms/feed/", body, "application/json", headers=headers)

    def send(self, *records: dict[str, Any]) -> list[str]:
        """What became of each record."""
        return [one["status"] for one in self.post(*records).json()["results"]]

    def came(self, number: str, card: str = "C1", **more: Any) -> dict[str, Any]:
        """A record of attendance."""
        said = {"id": number, "unit": self.unit, "kind": "attendance", "card": card, "status": "present"}
        return said | {"day": str(self.day)} | more

    def visit(self, number: str, host: str = "何老师", **more: Any) -> dict[str, Any]:
        """A record of a visitor, at half past nine of the day."""
        said = {"id": number, "unit": self.unit, "kind": "visitor", "person": "李家长", "host": host}
        return said | {"at": f"{self.day}T09:30:00+08:00"} | more


@pytest.fixture
def feed(db: None) -> Feed:
    """The county."""
    return Feed()


def rows() -> list[tuple[str, str, str]]:
    """Stored records: school, day, person."""
    found = FeedRecord.unguarded.order_by("pk").values_list("org__code", "day", "person")
    return [(code, str(day), person) for code, day, person in found]


@pytest.mark.requirement("SAF.01")
def test_records_stand_once_at_their_school_and_day_and_the_unknown_wait(feed: Feed) -> None:
    # Nobody without the key puts anything in.
    assert feed.post(feed.came("a1"), key="00").status_code == 401
    assert feed.post(feed.came("a1"), source="other").status_code == 401
    assert Client().post("/alarms/feed/", b"{}", "application/json").status_code == 401
    assert rows() == []

    # Sent twice, and once more under another number: the same rows.
    assert feed.send(feed.came("a1"), feed.visit("v1")) == ["taken", "taken"]
    assert feed.send(feed.came("a1"), feed.visit("v1"), feed.came("a2")) == ["known"] * 3
    there = [(feed.unit, str(feed.day), "张同学"), (feed.unit, str(feed.day), "李家长")]
    assert rows() == there
    assert "共 2 条" in web(feed.officer).get("/alarms/feed-records/").content.decode()
    assert "张同学" not in web(feed.stranger).get("/alarms/feed-records/").content.decode()

    # An unknown school, card or host waits with its reason, once.
    unknown = (feed.came("a3", unit="NEW"), feed.came("a4", "C2"), feed.visit("v2", "周老师"))
    assert feed.send(*unknown) == ["held"] * 3
    assert feed.send(*unknown) == ["held"] * 3
    held = {row.number: row for row in HeldRecord.unguarded.all()}
    assert {number: row.why for number, row in held.items()} == {
        "a3": "没有这所学校：NEW", "a4": "本校没有登记这个卡号", "v2": "本校没有这位受访人",
    }  # fmt: skip
    assert rows() == there
    # What concerns the school lies with the school; what concerns none, with the owner of the source.
    seen = web(feed.officer).get(f"{HELD}?state=held").content.decode()
    assert held["a4"].why in seen
    assert held["a3"].why not in seen
    assert held["a3"].why in web(feed.bureau).get(HELD).content.decode()
    assert web(feed.stranger).get(held["a4"].get_absolute_url()).status_code == 404

    # Not before it is mended; then at the day it tells of, and once.
    act = f"{held['a4'].get_absolute_url()}act/release"
    assert web(feed.officer).post(act).status_code == 409
    feed.a_pass("C2", "student", "王同学")
    assert web(feed.officer).post(act).status_code == 303
    assert web(feed.officer).post(act).status_code in (303, 409)
    OrgUnit.objects.create(code="NEW", name="新办小学", kind="school", parent=feed.tree.county)
    code = School.unguarded.create(
        org=OrgUnit.objects.get(code="NEW"), name="新办小学", kind="primary", nature_id="school_nature.public"
    )
    create(feed.bureau, Pass(org=code.org, card="C1", person_class="student", holder="新同学"))
    # The feed's own repetition mends as well.
    assert feed.send(*unknown) == ["taken", "known", "held"]
    assert rows() == [*there, (feed.unit, str(feed.day), "王同学"), ("NEW", str(feed.day), "新同学")]
    assert set(HeldRecord.unguarded.filter(state="held").values_list("number", flat=True)) == {"v2"}


@pytest.mark.requirement("SAF.01")
def test_a_school_has_its_days_with_attendance_visitors_and_hazards_together(feed: Feed) -> None:
    School.unguarded.create(
        org=feed.tree.school, name=feed.tree.school.name, kind="primary", nature_id="school_nature.public"
    )
    feed.send(feed.came("a1"), feed.visit("v1"), feed.visit("v2"))
    moment = clock.now().replace(hour=4, minute=0) - timedelta(days=1)  # noon at the school
    hazard = Hazard(
        **values_for(Hazard, feed.tree.school)
        | {"org": feed.tree.school, "state": "reported", "found_at": moment}
    )
    Record.save(hazard)
    visit = Visit(**values_for(Visit, feed.tree.school) | {"org": feed.tree.school, "came_at": moment})
    Record.save(visit)
    page = web(feed.officer).get(PAGE).content.decode()
    heads = [unescape(one) for one in re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', page)][1:]
    day = dict(zip(heads, line(page, str(feed.day)), strict=True))
    assert {title: n for title, n in day.items() if n != "0"} == {
        "到校": "1", "访客": "2", "门卫来访登记": "1", "新发现隐患": "1",
    }  # fmt: skip
    elsewhere = Hazard(**values_for(Hazard, feed.tree.sister_school))
    elsewhere.org, elsewhere.state, elsewhere.found_at = feed.tree.sister_school, "reported", moment
    Record.save(elsewhere)
    seen = web(feed.bureau).get(f"{PAGE}?area={feed.tree.school.pk}").content.decode()
    assert line(seen, str(feed.day)) == line(page, str(feed.day))
    links = re.findall(r'<td[^>]*><a href="([^"]+)">([\d,]+)</a>', seen)
    assert len(links) == 4
    for url, n in links:
        assert re.search(rf"共 {n} ", web(feed.bureau).get(unescape(url)).content.decode()), url
    profile = School.unguarded.get(org=feed.tree.school)
    assert "每日安全数据" in web(feed.officer).get(profile.get_absolute_url()).content.decode()
    assert line(web(feed.stranger).get(PAGE).content.decode(), str(feed.day)).count("0") == len(heads) - 1
    assert web(feed.stranger).get(f"{PAGE}?area={feed.tree.school.pk}").status_code == 422
    assert web(feed.officer).get(f"{PAGE}?first=2026-09-02&last=2026-09-01").status_code == 422


def test_a_later_record_corrects_attendance_and_faulty_ones_are_refused(feed: Feed) -> None:
    assert feed.send(feed.came("a1")) == ["taken"]
    assert feed.send(feed.came("a2", status="leave")) == ["amended"]
    assert feed.send(feed.came("a1")) == ["known"]  # a repetition does not turn the correction back
    assert FeedRecord.unguarded.get().status == "leave"
    ahead = str(clock.today() + timedelta(days=1))
    faulty = (
        {"id": "x"}, feed.came(""), feed.came("x", day=ahead), feed.came("x", day="2026-13-40"), feed.came("x", ""),
        feed.came("x", status="gone"), feed.came("x", at=f"{clock.today()}T00:00:00+08:00"), feed.visit("x", at="now"),
    )  # fmt: skip
    answer = feed.post(*faulty)
    assert answer.status_code == 422
    assert {one["status"] for one in answer.json()["results"]} == {"refused"}
    assert FeedRecord.unguarded.count() == 1
    assert not HeldRecord.unguarded.exists()
    held = feed.send(feed.came("a9", "C9"))
    assert held == ["held"]
    act = f"{HeldRecord.unguarded.get().get_absolute_url()}act/drop"
    web(feed.officer).post(act, {"note": "学生已转出"})
    assert HeldRecord.unguarded.get().state == "dropped"
    assert feed.send(feed.came("a9", "C9")) == ["known"]
