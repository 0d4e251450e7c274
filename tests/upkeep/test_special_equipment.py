"""Special equipment: one code anywhere, inspections, maintenance that counts, operators who may (D16)."""

import csv
import html
import re
from datetime import date, timedelta
from typing import Any

import pytest

from anlan.base.models import Person, School
from anlan.domains.safety.hazards import Hazard
from anlan.domains.safety.incidents import Incident
from anlan.domains.special_equipment.models import Device, Mishap, Visit
from anlan.engines.audit.api import SYSTEM, change, create
from anlan.engines.messaging.api import Message
from anlan.engines.registry.api import ledgers, number_of, remind_all
from anlan.engines.registry.inspecting import record_check
from anlan.kernel import clock
from anlan.kernel.errors import Conflict
from tests.factories import a_user
from tests.upkeep.test_fire import TODAY, Ground, at, ground
from tests.upkeep.test_upkeep import on

URL = "/special-equipment/devices/"
__all__ = ["ground"]


def a_lift(ground: Ground, code: str = "3110-1", **said: Any) -> Device:
    """A registered lift."""
    values = {"kind": "lift", "place": "综合楼", "certificate": "梯11闽C1", "installed_on": TODAY, **said}
    return create(SYSTEM, Device(org=ground.school, code=code, **values))


@pytest.mark.requirement("D16.1")
def test_a_code_is_one_piece_anywhere_and_what_is_out_of_use_is_only_kept(ground: Ground) -> None:
    client = ground.web()
    sent = {
        "org": ground.school.pk,
        "code": "3110-1",
        "kind": "lift",
        "place": "综合楼",
        "installed_on": "2025-11-10",
    }
    assert client.post(f"{URL}new", sent).status_code == 303
    device = Device.unguarded.get()
    assert number_of(ledgers["special_equipment.devices"], ground.bureau, "unregistered=1") == 1
    far = ground.web(ground.stranger).post(f"{URL}new", sent | {"org": ground.tree.far_school.pk})
    assert far.status_code in (409, 422)
    assert ground.school.name not in far.content.decode(), "not told whose it is"
    edited = {**sent, "certificate": "梯11闽C1", "version": device.version}
    assert client.post(f"{URL}{device.pk}/edit", edited).status_code == 303
    assert number_of(ledgers["special_equipment.devices"], ground.bureau, "unregistered=1") == 0
    with on(date(2026, 11, 20)):
        assert remind_all() > 0
        assert number_of(ledgers["special_equipment.devices"], ground.bureau, "validity=expiring") == 1
        for name, state in (("stop", "stopped"), ("scrap", "scrapped")):
            client = ground.web()
            url = f"{device.get_absolute_url()}move/{name}"
            assert client.post(url, {"fault": "更新改造"}).status_code in (302, 303)
            before = Message.objects.count()
            with on(date(2027, 1, 5)):
                assert remind_all() == 0, state
                assert number_of(ledgers["special_equipment.devices"], ground.bureau, "validity=expired") == 0
            assert Message.objects.count() == before
        rows = ground.web(ground.bureau).get(f"/api{URL}?archived=all").json()["results"]
        assert [(row["code"], row["state"]) for row in rows] == [("3110-1", "scrapped")]


@pytest.mark.requirement("D16.2")
def test_inspections_are_reminded_once_per_stage_and_an_unqualified_one_stops_the_equipment(
    ground: Ground,
) -> None:
    devices = ledgers["special_equipment.devices"]
    device = a_lift(ground, installed_on=date(2025, 11, 10))
    told = Message.objects.filter(event="registry.expiring", addressee=ground.safety)
    for day, count in ((date(2026, 10, 30), 1), (date(2026, 11, 1), 2), (date(2026, 12, 1), 3)):
        with on(day):
            remind_all()
            remind_all()
            assert told.count() == count, day
    with on(date(2026, 11, 10)):
        assert number_of(devices, ground.bureau, "validity=expiring") == 1
        result = {
            "check_code": "inspection",
            "day": date(2026, 11, 10),
            "passed": False,
            "note": "限速器失效",
        }
        record_check(ground.actor(), devices, device, result)
        device.refresh_from_db()
        assert device.state == "stopped"
        assert "不合格" in Hazard.unguarded.get().title
        client, url = ground.web(), f"{device.get_absolute_url()}move/restart"
        assert client.post(url, {}).status_code == 409, "no new report yet"
        again = {"check_code": "inspection", "day": date(2026, 11, 10), "passed": True}
        with pytest.raises(Conflict):
            record_check(ground.actor(), devices, device, again)
    with on(date(2026, 12, 5)):
        client = ground.web()
        assert client.post(url, {}).status_code == 409, "overdue by now"
        record_check(ground.actor(), devices, device, {**again, "day": date(2026, 12, 4)})
        assert client.post(url, {}).status_code in (302, 303)
        device.refresh_from_db()
        assert device.state == "in_use"


@pytest.mark.requirement("D16.3")
def test_maintenance_counts_once_the_school_confirms_it_and_a_missed_one_shows_days(ground: Ground) -> None:
    client, device = ground.web(), a_lift(ground)
    devices = ledgers["special_equipment.devices"]
    firm = {"org": ground.school.pk, "name": "顺达电梯", "number": "TS-1", "valid_to": "2026-11-10"}
    assert client.post("/special-equipment/firms/new", firm).status_code == 303
    assert device.upkeep_by == TODAY + timedelta(days=15)
    with on(TODAY + timedelta(days=18)):
        client = ground.web()
        assert number_of(devices, ground.bureau, "unkept=1") == 1
        assert "超期 3 天" in client.get(URL).content.decode()
        today = clock.today()
        sent = {
            "org": ground.school.pk,
            "device": device.pk,
            "firm": 1,
            "worker": "李师傅",
            "items": "半月保养",
        }
        sent["firm"] = ledgers["special_equipment.firms"].model.unguarded.get().pk
        ahead = {"day": (today + timedelta(days=1)).isoformat()}
        assert client.post("/special-equipment/visits/new", sent | ahead).status_code == 422
        made = client.post("/special-equipment/visits/new", sent | {"day": today.isoformat(), "fine": "on"})
        assert made.status_code == 303
        assert number_of(devices, ground.bureau, "unkept=1") == 1, "not confirmed yet"
        visit = Visit.unguarded.get()
        assert client.post(f"/special-equipment/visits/{visit.pk}/act/confirm").status_code == 303
        assert client.post(f"/special-equipment/visits/{visit.pk}/act/confirm").status_code == 409
        assert number_of(devices, ground.bureau, "unkept=1") == 0
        visit.refresh_from_db()
        device.refresh_from_db()
        assert (visit.confirmed_by, device.upkeep_by) == (ground.safety, today + timedelta(days=15))
    with on(date(2026, 11, 12)):
        late = ground.web().post("/special-equipment/visits/new", sent | {"day": "2026-11-12"})
        assert late.status_code == 422, "the firm's qualification has run out"


@pytest.mark.requirement("D16.4")
def test_equipment_without_a_valid_operator_is_flagged_and_items_must_cover_it(ground: Ground) -> None:
    client, lift = ground.web(), a_lift(ground)
    boiler = a_lift(ground, "1120-1", kind="boiler", place="锅炉房")
    a_lift(ground, "2-1", kind="pipe", place="管廊")
    devices = ledgers["special_equipment.devices"]
    assert number_of(devices, ground.bureau, "unmanned=1") == 2, "a pipe needs nobody"
    person = create(SYSTEM, Person(org=ground.school, name="李锅炉"))
    sent = {"org": ground.school.pk, "person": person.pk, "items": "G1", "number": "TS-1",
            "issued_on": "2025-01-05", "valid_to": "2026-11-10", "devices": [boiler.pk, lift.pk]}  # fmt: skip
    refused = client.post("/special-equipment/operators/new", sent)
    assert refused.status_code == 422
    assert "作业项目不包括这些设备：3110-1" in refused.content.decode()
    made = client.post("/special-equipment/operators/new", sent | {"devices": [boiler.pk]})
    assert made.status_code == 303
    rows = ground.web(ground.bureau).get(f"/api{URL}?unmanned=1").json()["results"]
    assert [row["code"] for row in rows] == ["3110-1"]
    remind_all()
    told = Message.objects.filter(event="registry.expiring", addressee=ground.safety)
    assert told.filter(model="special_equipment.operator").count() == 1
    certificates = ground.web().get("/api/certificates/all/?q=TS-1").json()["results"]
    assert len(certificates) == 1
    with on(date(2026, 11, 11)):
        assert number_of(devices, ground.bureau, "unmanned=1") == 2, "the certificate ran out"


@pytest.mark.requirement("D16.5")
def test_checks_stop_what_is_unsafe_and_what_goes_wrong_is_followed_to_its_end(ground: Ground) -> None:
    lift, other = a_lift(ground), a_lift(ground, "3110-2")
    devices, mishaps = ledgers["special_equipment.devices"], ledgers["special_equipment.mishaps"]
    assert number_of(devices, ground.bureau, "unlooked_on=1") == 2, "never checked by week or month"
    with at(TODAY, 8):
        assert ground.look(ground.guard, lift, fail=(2,), note="标志模糊").status_code == 303
        lift.refresh_from_db()
        assert lift.state == "reported", "no safety item: to be mended"
    with at(TODAY, 9):
        failing = ground.look(ground.guard, lift, fail=(0,), note="门锁联锁失效")
        lift.refresh_from_db()
        assert lift.state == "stopped"
        hazard = Hazard.unguarded.get(source_url=failing.headers["Location"])
        assert (hazard.category.code, hazard.org) == ("facility", ground.school)
        assert "安全保护装置" in hazard.title
    restart = f"{lift.get_absolute_url()}move/restart"
    with at(TODAY, 10):
        assert ground.look(ground.guard, lift, scan=False, act="look_week").status_code == 303
        assert ground.look(ground.guard, other, scan=False, act="look_month").status_code == 303
        assert ground.web().post(restart).status_code == 409, "another kind of check is no check again"
        assert "未扫码" in ground.web(ground.bureau).get(other.get_absolute_url()).content.decode()
    with at(TODAY, 11):
        assert ground.look(ground.guard, lift).status_code == 303
        assert ground.web().post(restart).status_code in (302, 303)
        lift.refresh_from_db()
        assert lift.state == "in_use"
    assert number_of(ledgers["base.spot_checks"], ground.bureau, "scanned=0") == 2
    with on(TODAY + timedelta(days=8)):
        assert number_of(devices, ground.bureau, "unlooked_on=1") == 2

    told = {"kind": "trapped", "happened_at": "2026-10-20T12:10", "course": "停在二层与三层之间", "people": 3}
    url = f"{lift.get_absolute_url()}act/report_mishap"
    with at(TODAY, 13):
        assert (
            ground.web(ground.guard).post(url, told | {"happened_at": "2026-10-20T14:00"}).status_code == 422
        )
        assert Mishap.unguarded.count() == 0
        assert ground.web(ground.stranger).post(url, told).status_code == 404
        assert ground.web(ground.guard).post(url, told).status_code == 303
        incident, mishap = Incident.unguarded.get(), Mishap.unguarded.get()
        assert (incident.org, incident.source_url) == (ground.school, mishap.get_absolute_url())
        assert incident.course == "停在二层与三层之间"
        page = ground.web(ground.bureau).get(mishap.get_absolute_url()).content.decode()
        assert f'href="{incident.get_absolute_url()}"' in page
        lift.refresh_from_db()
        assert lift.state == "stopped"
    with at(TODAY, 14):
        assert ground.web().post(restart).status_code == 409, "neither settled nor checked"
        settle = f"{mishap.get_absolute_url()}act/settle"
        assert ground.web().post(settle, {"outcome": ""}).status_code == 422
        assert ground.web().post(settle, {"outcome": "12:25 解救，无人受伤，更换门机"}).status_code == 303
        assert ground.web().post(settle, {"outcome": "再办"}).status_code == 409
        assert ground.web().post(restart).status_code == 409, "not checked since"
        assert ground.look(ground.guard, lift).status_code == 303
        assert ground.web().post(restart).status_code in (302, 303)

    with at(TODAY, 15):
        sent = told | {"kind": "fault", "course": "三层按钮失灵", "people": ""}
        assert ground.web(ground.guard).post(url, sent).status_code == 303
        assert number_of(mishaps, ground.bureau, "unsettled=1") == 1
        for name, values in (("accept", {}), ("finish", {"fault": "已换按钮"}), ("confirm", {})):
            assert ground.web().post(f"{lift.get_absolute_url()}move/{name}", values).status_code in (
                302,
                303,
            )
    assert number_of(mishaps, ground.bureau, "unsettled=1") == 0
    assert Incident.unguarded.count() == 1, "a fault is no incident"


@pytest.mark.requirement("D16.6")
def test_figures_count_equipment_in_use_match_their_lists_and_warnings_open_the_equipment(
    ground: Ground,
) -> None:
    for unit in (ground.school, ground.tree.sister_school, ground.tree.far_school):
        create(SYSTEM, School(org=unit, name=unit.name, kind="primary", nature_id="school_nature.public"))
    good, late = a_lift(ground), a_lift(ground, "3110-2", installed_on=date(2010, 5, 1), certificate="")
    resting = a_lift(ground, "3110-3", installed_on=date(2010, 5, 1))
    a_lift(ground, "8-1", kind="other", place="游乐场")
    create(SYSTEM, Device(org=ground.tree.far_school, code="4-1", kind="lift", place="南楼"))
    move = ground.web().post(f"{resting.get_absolute_url()}move/stop", {"fault": "更新改造"})
    assert move.status_code in (302, 303)
    with on(TODAY + timedelta(days=10)):
        late.refresh_from_db()
        for device in (good, late):
            device.refresh_from_db()
        change(SYSTEM, late, {"next_on": TODAY})
        change(SYSTEM, good, {"next_on": TODAY + timedelta(days=300)})
        said = {"kind": "trapped", "happened_at": clock.now(), "course": "停梯"}
        create(SYSTEM, Mishap(org=ground.school, device=late, **said))
        url, bureau = "/special-equipment/figures/", ground.web(ground.bureau)
        page = bureau.get(url).content.decode()
        assert ground.tree.far_school.name not in page
        table = bureau.get(f"{url}?export=csv").content.decode("utf-8-sig")
        rows = {line[0]: line for line in csv.reader(table.splitlines()) if line}
        head = next(line for line in csv.reader(table.splitlines()) if "检验率" in line)
        mine = dict(zip(head, rows["池店一小"], strict=True))
        assert mine == {
            "学校": "池店一小", "设备": "4", "在用": "3", "在用应检": "2", "检验有效": "1", "检验超期": "1",
            "在用应维保": "2", "维保按期": "1", "维保超期": "1", "故障未修复": "0", "困人事故未办结": "1",
            "人员证过期": "0", "检验率": "50.0%", "维保率": "50.0%",
        }  # fmt: skip
        none = dict(zip(head, rows["池店二小"], strict=True))
        assert (none["设备"], none["检验率"]) == ("0", "无设备"), "none is not perfect"
        line = page.partition("池店一小</th>")[2].partition("</tr>")[0]
        links = re.findall(r'href="([^"]+)">(\d+)<', line)
        assert len(links) == 9
        for address, shown in links:
            listed = bureau.get(f"/api{html.unescape(address)}").json()
            assert len(listed["results"]) == int(shown), address
        for by, words in (
            ("none", "池店二小"),
            ("kind", "电梯"),
            ("state", "停用"),
            ("age", "15 年以上"),
            ("town", "池店镇教委办"),
        ):
            assert words in bureau.get(f"{url}?by={by}").content.decode().partition("<tbody>")[2], by
        assert "池店一小" not in bureau.get(f"{url}?by=none").content.decode().partition("<tbody>")[2]
        ranked = bureau.get(f"{url}?by=rank").content.decode().partition("<tbody>")[2]
        assert ranked.index("1. 池店一小") < ranked.index("池店二小")
        warned = bureau.get(f"{url}?by=warned").content.decode().partition("<tbody>")[2]
        row = warned.partition(f'href="{late.get_absolute_url()}"')[2].partition("</tr>")[0]
        for words in ("检验超期", "维保超期", "在用未登记", "没有持证操作人员", "困人或事故未办结"):
            assert words in row, words
        assert resting.get_absolute_url() not in warned, "out of use is not judged"
        assert bureau.get(f"{url}?area={ground.tree.far_school.pk}").status_code == 422
        assert ground.web(a_user("", ground.school)).get(url).status_code == 403
