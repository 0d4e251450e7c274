"""Fire safety of a school: equipment and its checks, duties, drills, maintenance, key places (D14, R.32)."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anlan.base.models import Person, School, SpotCheck
from anlan.domains.fire.models import Contract, Device, Drill, KeyPlace, Report, Shift
from anlan.domains.safety.hazards import Hazard
from anlan.engines.audit.api import SYSTEM, Actor, create
from anlan.engines.identity.api import User
from anlan.engines.messaging.api import Message
from anlan.engines.registry.api import RiskCategory, ledgers, number_of, remind_all
from anlan.engines.tasks.api import todos_for
from anlan.kernel import clock
from tests.factories import Tree, a_tree, a_user, sign_in
from tests.files.making import a_picture
from tests.upkeep.test_upkeep import on

TODAY = date(2026, 10, 20)
DEVICES = "/fire/devices/"


class Ground:
    """A school with people who answer for its fire safety."""

    def __init__(self) -> None:
        self.tree: Tree = a_tree()
        self.school = self.tree.school
        for code, title in (("fire", "消防安全"), ("facility", "设施设备")):
            create(SYSTEM, RiskCategory(org=self.tree.province, code=code, title=title))
        self.safety = a_user("school_safety", self.school, name="林主任")
        self.guard = a_user("guard", self.school, name="周保安")
        self.bureau = a_user("bureau_safety", self.tree.county, name="周科长")
        self.stranger = a_user("school_safety", self.tree.far_school, name="外校")
        self.person = create(SYSTEM, Person(org=self.school, name="王小明"))

    def web(self, user: User | None = None) -> Client:
        """A browser of somebody; the safety manager without a name."""
        return sign_in(Client(), user or self.safety)

    def actor(self) -> Actor:
        """The safety manager."""
        return Actor.person(User.objects.get(pk=self.safety.pk), "web")

    def device(self, code: str = "MH-1", **said: Any) -> Device:
        """An extinguisher."""
        values = {"kind": "powder", "building": "教学楼", "place": "一层东", "made_on": date(2025, 1, 5)}
        return create(SYSTEM, Device(org=self.school, code=code, **{**values, **said}))

    def look(self, user: User, record: Any, **said: Any) -> Any:
        """Scan the label and answer the checklist; ``fail``: lines that failed, ``scan``, ``act``."""
        url, client = record.get_absolute_url(), self.web(user)
        if said.pop("scan", True):
            scanned = client.get(f"{url.rsplit('/', 2)[0]}/q/{record.uid}")
            assert scanned.headers["Location"].startswith(f"{url}act/look_at")
            assert client.get(scanned.headers["Location"]).status_code == 200
        lines = {f"d{n}": "fail" if n in said.get("fail", ()) else "pass" for n in range(8)}
        verb = said.get("act", "look_at")
        at = said.get("at", clock.now()).astimezone(clock.zone())
        sent = {**lines, "at": f"{at:%Y-%m-%dT%H:%M}", "note": said.get("note", "")}
        return client.post(f"{url}act/{verb}", sent)


@pytest.fixture
def ground(db: None, settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path / "files"
    with on(TODAY):
        yield Ground()


def at(day: date, hour: int, minute: int = 0) -> Any:
    """The clock at that time."""
    return clock.moved(datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.zone()))


@pytest.mark.requirement("D14.1")
@pytest.mark.requirement("SAF.51")
def test_equipment_past_its_dates_is_flagged_and_impossible_rows_are_refused(ground: Ground) -> None:
    client = ground.web()
    sent = {"org": ground.school.pk, "code": "MH-1", "kind": "powder", "building": "教学楼", "place": "一层东",
            "made_on": "2025-01-05", "scrap_on": "2035-01-05", "spec": "4kg", "keeper": ground.person.pk}  # fmt: skip
    assert client.post(f"{DEVICES}new", sent).status_code == 303
    assert client.post(f"{DEVICES}new", sent).status_code in (409, 422), "the code is taken"
    for wrong in ({"scrap_on": "2024-12-31"}, {"made_on": "2026-10-21"}, {"place": ""}, {"kind": ""}):
        assert client.post(f"{DEVICES}new", sent | {"code": "MH-9"} | wrong).status_code == 422, wrong
    ground.device("MH-2", made_on=date(2015, 1, 5))
    ground.device("MH-3", scrap_on=date(2026, 10, 19))
    ground.device("MH-4", scrap_on=TODAY)
    ground.device("MH-5", made_on=date(2021, 11, 10))
    rows = client.get(f"/api{DEVICES}?over=1").json()["results"]
    assert sorted(row["code"] for row in rows) == ["MH-2", "MH-3"]
    assert number_of(ledgers["fire.devices"], ground.bureau, "validity=expiring") == 1
    page = ground.web(ground.bureau).get("/analysis/fire/devices/").content.decode()
    assert "已过检修或报废日期 2 件" in page
    assert ground.school.name in page, "totalled per school"
    device = Device.unguarded.get(code="MH-1")
    scanned = ground.web(ground.guard).get(f"{DEVICES}q/{device.uid}", follow=True).content.decode()
    assert "MH-1" in scanned
    assert "压力或指示正常" in scanned, "the item with its check form"
    for tail in (f"{device.pk}/", f"q/{device.uid}"):
        assert ground.web(ground.stranger).get(f"{DEVICES}{tail}").status_code == 404
    assert client.get(f"{DEVICES}export?format=csv").content.decode("utf-8-sig").count("MH-") == 5
    assert client.get(f"{DEVICES}import").status_code == 200


@pytest.mark.requirement("R.32")
def test_a_check_follows_the_scan_and_what_failed_stays_failed_until_the_repair_is_confirmed(
    ground: Ground,
) -> None:
    device, other = ground.device(), ground.device("MH-2", building="宿舍楼")
    with at(TODAY, 9):
        assert ground.look(ground.guard, device).status_code == 303
        assert ground.look(ground.guard, device).status_code in (409, 422), "twice in a minute"
        early = clock.now() - timedelta(hours=1)
        assert ground.look(ground.guard, device, at=early).status_code == 422, "before the last one"
        later = clock.now() + timedelta(hours=1)
        assert ground.look(ground.guard, other, at=later).status_code == 422, "a moment to come"
    check = SpotCheck.unguarded.get()
    assert (check.passed, check.scanned, check.created_by) == (True, True, ground.guard)
    with at(TODAY, 10):
        assert ground.look(ground.safety, other, scan=False).status_code == 303
    assert not SpotCheck.unguarded.get(object_id=other.pk).scanned

    assert number_of(ledgers["fire.devices"], ground.bureau, "unlooked=1") == 0
    with on(TODAY + timedelta(days=32)):
        rows = ground.web(ground.bureau).get(f"/api{DEVICES}?unlooked=1&building=宿舍楼").json()["results"]
        assert [row["code"] for row in rows] == ["MH-2"], "overdue, per building"
        failing = ground.look(ground.guard, device, fail=(2,), note="指针在红区")
        assert failing.status_code == 303
        device.refresh_from_db()
        assert device.state == "reported"
        hazard = Hazard.unguarded.get()
        assert (hazard.category.code, hazard.org, hazard.source_url) == (
            "fire", ground.school, failing.headers["Location"],
        )  # fmt: skip
        assert "MH-1" in hazard.title
        assert hazard.get_absolute_url() in ground.web().get(device.get_absolute_url()).content.decode()
    with on(TODAY + timedelta(days=33)):
        assert ground.look(ground.guard, device).status_code == 303
        device.refresh_from_db()
        assert device.state == "reported", "a passed check is no repair"
        client, url = ground.web(), device.get_absolute_url()
        for name, values in (("accept", {}), ("finish", {"fault": "已换新"})):
            assert client.post(f"{url}move/{name}", values).status_code in (302, 303)
        assert number_of(ledgers["fire.devices"], ground.bureau, "failed=1") == 1
        assert client.post(f"{url}move/confirm", {}).status_code in (302, 303)
        assert number_of(ledgers["fire.devices"], ground.bureau, "failed=1") == 0


@pytest.mark.requirement("D14.3")
def test_operators_hold_certificates_and_a_shift_without_two_is_flagged(ground: Ground) -> None:
    client, second = ground.web(), create(SYSTEM, Person(org=ground.school, name="李四"))
    third = create(SYSTEM, Person(org=ground.school, name="张三"))
    ends = TODAY + timedelta(days=20)
    for number, person in enumerate((ground.person, second)):
        sent = {"org": ground.school.pk, "person": person.pk, "duty": "消防控制室值班员", "number": f"XK-{number}",
                "issued_on": "2025-01-05", "valid_to": ends if number else "2030-01-05"}  # fmt: skip
        assert client.post("/fire/duties/new", sent).status_code == 303
    rows = client.get("/api/certificates/all/?kind=消防安全管理上岗证").json()["results"]
    assert sorted(row["number"] for row in rows) == ["XK-0", "XK-1"]
    remind_all()
    assert [todo.title for todo in todos_for(ground.safety)] == ["消防安全管理上岗证：李四"]

    shift = {"org": ground.school.pk, "room": "控制室", "name": "夜班", "needed": 2}
    refused = client.post("/fire/shifts/new", {**shift, "operators": [ground.person.pk, third.pk]})
    assert refused.status_code == 422
    assert "张三" in refused.content.decode()
    excepted = {**shift, "operators": [ground.person.pk, third.pk], "exception": "张三培训中，由值班长带班"}
    assert client.post("/fire/shifts/new", excepted).status_code == 303
    full = {**shift, "name": "白班", "operators": [ground.person.pk, second.pk]}
    assert client.post("/fire/shifts/new", full).status_code == 303
    short = ground.web(ground.bureau).get("/api/fire/shifts/?short=1").json()["results"]
    assert [row["name"] for row in short] == ["夜班"]
    with on(ends + timedelta(days=1)):
        assert number_of(ledgers["fire.shifts"], ground.bureau, "short=1") == 2, "a certificate ran out"
    assert Shift.unguarded.count() == 2


@pytest.mark.requirement("D14.4")
def test_a_school_without_a_drill_is_listed_and_urged_and_problems_become_hazards(ground: Ground) -> None:
    for unit in (ground.school, ground.tree.sister_school):
        said = {"kind": "primary", "nature_id": "school_nature.public"}
        create(SYSTEM, School(org=unit, name=unit.name, **said))
    client, bureau = ground.web(), ground.web(ground.bureau)
    plan = {
        "org": ground.school.pk,
        "title": "秋季疏散演练",
        "planned_on": "2026-10-10",
        "scenario": "实验室起火",
    }
    assert client.post("/fire/drills/new", plan).status_code == 303
    drill = Drill.unguarded.get()
    listed = lambda: [row["name"] for row in bureau.get("/api/fire/undrilled/").json()["results"]]  # noqa: E731
    assert listed() == ["池店一小", "池店二小"], "a plan is no drill"
    school = School.unguarded.get(org=ground.school)
    assert bureau.post(f"/fire/undrilled/{school.pk}/act/urge_school").status_code == 303
    assert Message.objects.filter(event="messaging.urged", addressee=ground.safety).count() == 1
    url = f"/fire/drills/{drill.pk}/move/hold"
    picture = SimpleUploadedFile("drill.jpg", a_picture(), "image/jpeg")
    held = {"held_on": "2026-10-12", "people": 860, "seconds": 150, "problems": "三楼铁门未开"}
    for wrong in ({"held_on": ""}, {"people": ""}, {"held_on": "2026-10-21"}):
        assert client.post(url, {**held, **wrong, "photos": picture}).status_code == 422, wrong
        picture.seek(0)
    assert client.post(url, held).status_code == 422, "a picture or document is wanted"
    assert client.post(url, {**held, "photos": picture}).status_code == 303
    assert listed() == ["池店二小"]
    sent = {"title": "三楼铁门未开", "place": "教学楼三层"}
    assert client.post(f"/fire/drills/{drill.pk}/act/raise_problem", sent).status_code == 303
    client.post(f"/fire/drills/{drill.pk}/act/raise_problem", sent)
    assert Hazard.unguarded.get().title == "三楼铁门未开"
    with on(date(2027, 3, 1)):
        assert number_of(ledgers["fire.undrilled"], ground.bureau, "") == 2, "the next term begins anew"


@pytest.mark.requirement("D14.5")
def test_contracts_and_reports_are_reminded_and_open_findings_become_hazards(ground: Ground) -> None:
    client = ground.web()
    soon = TODAY + timedelta(days=30)
    firm = {
        "org": ground.school,
        "firm": "安泰消防",
        "qualification": "XF-12",
        "starts_on": date(2025, 12, 1),
    }
    contract = create(SYSTEM, Contract(**firm, ends_on=soon))
    sent = {"org": ground.school.pk, "firm": "安泰检测", "number": "XJ-1", "visited_on": "2026-09-05",
            "reported_on": "2026-09-08", "valid_to": soon.isoformat(),
            "findings": "水泵不能自启\n\n喷淋末端无压力"}  # fmt: skip
    for wrong in ({"reported_on": "2026-09-04"}, {"reported_on": "2026-10-21"}, {"valid_to": "2026-09-08"}):
        assert client.post("/fire/reports/new", sent | wrong).status_code == 422, wrong
    assert client.post("/fire/reports/new", sent).status_code == 303
    assert sorted(Hazard.unguarded.values_list("title", flat=True)) == ["喷淋末端无压力", "水泵不能自启"]
    report = Report.unguarded.get()
    change = {**sent, "firm": "安泰检测公司", "version": report.version}
    assert client.post(f"/fire/reports/{report.pk}/edit", change).status_code == 303
    assert Hazard.unguarded.count() == 2, "each problem once"
    visit = {"org": ground.school.pk, "contract": contract.pk, "day": "2026-10-08", "work": "月度维保"}
    assert client.post("/fire/visits/new", visit | {"day": "2026-10-21"}).status_code == 422
    assert client.post("/fire/visits/new", visit).status_code == 303
    remind_all()
    words = sorted(todo.title for todo in todos_for(ground.safety) if "消防" in todo.title)
    told = Message.objects.filter(event="registry.expiring", addressee=ground.safety)
    assert told.count() == 2
    assert {message.object_id for message in told} == {contract.pk, report.pk}
    assert words == ["消防年度检测报告：XJ-1", "消防维保合同：安泰消防"]


@pytest.mark.requirement("D14.6")
def test_a_key_place_shows_who_answers_its_checks_and_hazards_and_its_plan_is_not_for_others(
    ground: Ground,
) -> None:
    client = ground.web()
    plan = SimpleUploadedFile("plan.jpg", a_picture(), "image/jpeg")
    sent = {"org": ground.school.pk, "name": "食堂厨房", "kind": "厨房", "keeper": ground.person.pk,
            "measures": "每日清理油烟道", "route": "东侧安全出口", "plan": plan}  # fmt: skip
    made = client.post("/fire/key-places/new", sent)
    assert made.status_code == 303
    create(SYSTEM, KeyPlace(org=ground.school, name="配电房", kind="配电房"))
    rows = ground.web(ground.bureau).get("/api/fire/key-places/?vacant=1").json()["results"]
    assert [row["name"] for row in rows] == ["配电房"], "incomplete"
    place = KeyPlace.unguarded.get(name="食堂厨房")
    assert ground.look(ground.guard, place, fail=(0,), note="堆放纸箱").status_code == 303
    hazard = Hazard.unguarded.get()
    page = client.get(made.headers["Location"]).content.decode()
    for words in ("王小明", "每日清理油烟道", "东侧安全出口", "周保安", "不合格", hazard.get_absolute_url()):
        assert words in page, words
    address = page.partition('src="/files/')[2].partition('"')[0]
    assert client.get(f"/files/{address}").status_code == 200
    assert ground.web(ground.stranger).get(f"/files/{address}").status_code == 404
    assert ground.web(ground.stranger).get(made.headers["Location"]).status_code == 404
