"""Special equipment: one code anywhere, inspections, maintenance that counts, operators who may (D16)."""

from datetime import date, timedelta
from typing import Any

import pytest

from anlan.base.models import Person
from anlan.domains.safety.hazards import Hazard
from anlan.domains.special_equipment.models import Device, Visit
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.messaging.api import Message
from anlan.engines.registry.api import ledgers, number_of, remind_all
from anlan.engines.registry.inspecting import record_check
from anlan.kernel import clock
from anlan.kernel.errors import Conflict
from tests.upkeep.test_fire import TODAY, Ground, ground
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
