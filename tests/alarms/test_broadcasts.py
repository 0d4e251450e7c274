"""Broadcasts: tested zone by zone, played in an emergency by who may."""

import pytest

from anlan.domains.alarms.alarms import Alarm
from anlan.domains.alarms.broadcast_texts import BroadcastText
from anlan.domains.alarms.broadcasts import Broadcast
from anlan.engines.audit.api import Actor, create
from anlan.engines.workflow.api import perform
from tests.alarms.conftest import Machine
from tests.factories import a_user
from tests.site_security.conftest import Ground, web
from tests.site_security.test_devices import a_device

pytestmark = pytest.mark.django_db
URL = "/alarms/broadcasts/"


@pytest.mark.requirement("N1.18")
def test_zones_are_tested_and_told_to_leave_in_an_emergency(ground: Ground, machine: Machine) -> None:
    school = ground.tree.school
    for code, zone in (("GB-1", "教学楼"), ("GB-2", "操场")):
        a_device(ground, code, "speaker", spot=zone, partition=zone)
    a_device(ground, "BJ-1", "panic_button", spot="监控室")
    officer, guard = web(ground.officer), web(Actor.person(a_user("guard", school), "web"))
    # A test of each zone; the host fetches it and reports, or people write down what they heard.
    for zone in ("教学楼", "操场"):
        assert guard.post(f"{URL}new", {"org": school.pk, "zone": zone, "words": "测试"}).status_code == 303
    assert guard.post(f"{URL}new", {"org": school.pk, "zone": "月球", "words": "测试"}).status_code == 422
    orders = machine.send().json()["commands"]
    assert [(one["device"], one["zone"], one["test"]) for one in orders] == [
        ("GB-1", "教学楼", True),
        ("GB-2", "操场", True),
    ]
    assert machine.say("GB-1", "broadcast", play=orders[0]["play"], result="played") == "taken"
    assert machine.say("GB-1", "broadcast", play=orders[1]["play"], result="played") == "refused", "another's"
    field = Broadcast.unguarded.get(zone="操场")
    told = {"result": "failed", "note": "没有声音"}
    assert guard.post(f"{field.get_absolute_url()}act/told", told).status_code == 303
    assert set(Broadcast.unguarded.values_list("zone", "kind", "result")) == {
        ("教学楼", "test", "played"),
        ("操场", "test", "failed"),
    }
    assert "没有声音" in officer.get(f"{URL}?result=failed").content.decode()
    assert machine.send().json()["commands"] == []
    # An emergency: the officer plays the prepared text to the zones chosen; who has no such right does not.
    text = create(
        ground.bureau, BroadcastText(org=ground.tree.county, title="疏散", words="请有序撤离到操场。")
    )
    machine.say("BJ-1", "panic")
    alarm = Alarm.unguarded.get()
    address, body = f"{alarm.get_absolute_url()}act/broadcast", {"text": text.pk, "zones": ["教学楼"]}
    assert guard.post(address, body).status_code == 403
    assert officer.post(address, {"text": text.pk}).status_code == 422
    assert officer.post(address, body).status_code == 303
    (order,) = machine.send().json()["commands"]
    assert (order["zone"], order["text"], order["test"]) == ("教学楼", "请有序撤离到操场。", False)
    assert machine.say("GB-1", "broadcast", play=order["play"], result="played") == "taken"
    played = Broadcast.unguarded.get(kind="emergency")
    assert (played.alarm, played.result) == (alarm, "played")
    alarm.refresh_from_db()
    perform(ground.officer, alarm, "take")
    perform(ground.officer, alarm, "close", {"judgement": "real", "reason": "演练核实"})
    assert officer.post(address, body).status_code == 409
