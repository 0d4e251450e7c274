"""Heartbeats through the door: faults found, one order each, recovery noted, strangers refused."""

from datetime import timedelta

import pytest

from anlan.domains.site_security.device_limits import DeviceLimit
from anlan.domains.site_security.devices import Device
from anlan.domains.site_security.pulse_watching import watch
from anlan.domains.site_security.repairs import Repair
from anlan.engines.audit.api import AuditEntry, create
from anlan.engines.messaging.api import Message
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from tests.alarms.conftest import Machine
from tests.site_security.conftest import Ground, web
from tests.site_security.test_devices import a_device

pytestmark = pytest.mark.django_db


def refusals() -> list[str]:
    """Reasons in the trail."""
    return list(AuditEntry.objects.filter(action="refused").order_by("pk").values_list("reason", flat=True))


@pytest.mark.requirement("D02.5")
def test_a_silent_device_turns_faulty_once_and_its_recovery_is_noted(
    ground: Ground, machine: Machine
) -> None:
    start, device = clock.now(), a_device(ground, "JK-1")
    told = Message.objects.filter(event="site_security.fault", addressee=ground.officer.user)

    def beat(minute: float) -> None:
        with clock.moved(start + timedelta(minutes=minute)):
            assert machine.say("JK-1", "heartbeat") == "taken"

    def look(minute: float) -> Device:
        with clock.moved(start + timedelta(minutes=minute)):
            watch()
            watch()
        return Device.unguarded.get(pk=device.pk)

    beat(0)
    assert look(5).condition == "online", "not longer than the limit"
    assert look(5.1).condition == "faulty"
    look(60 * 24 * 3)
    order = Repair.unguarded.get()
    assert (order.device, order.found_by, order.stage, order.recovered_at) == (
        device,
        "machine",
        "reported",
        None,
    )
    assert "心跳中断" in order.fault
    assert told.count() == 1
    assert (
        device.get_absolute_url()
        in web(ground.officer).get("/site-security/devices/?silent=1").content.decode()
    )
    # It flaps: there for a moment, gone again, a hundred times. One order, one message, and no recovery yet.
    day = 60 * 24 * 3 + 1
    for turn in range(20):
        beat(day + turn * 6)
        look(day + turn * 6 + 5.5)
    order.refresh_from_db()
    assert (Repair.unguarded.count(), told.count(), order.recovered_at) == (1, 1, None)
    # Back for good: the order says so, and still waits for people.
    for minute in range(0, 12, 3):
        beat(day + 200 + minute)
    assert look(day + 210).condition == "faulty"
    order.refresh_from_db()
    assert order.recovered_at == start + timedelta(minutes=day + 200)
    assert order.closed_at is None
    page = web(ground.officer).get(order.get_absolute_url()).content.decode()
    assert "自动恢复时间" in page
    # Lost once more before anybody came: the same order.
    assert look(day + 300).condition == "faulty"
    order.refresh_from_db()
    assert (Repair.unguarded.count(), order.recovered_at, order.relapses) == (1, None, 1)
    # Who does not hold the key, and what is not registered, is turned away and written down.
    beat_ = machine.event("JK-1", "heartbeat")
    before = refusals()
    assert machine.send(beat_, key="0" * 64).status_code == 401
    assert machine.send(beat_, source="stranger").status_code == 401
    assert machine.send(beat_, late=600).status_code == 401
    unknown = machine.send(machine.event("JK-404", "heartbeat"))
    assert (unknown.status_code, unknown.json()["results"][0]["message"]) == (422, "未登记的设备")
    assert [reason[:6] for reason in refusals()[len(before) :]] == [
        "签名不对",
        "未登记的来源",
        "时间相差超过",
        "未登记的设备",
    ]
    a_device(ground, "JK-2", actor=ground.stranger)
    assert machine.say("JK-2", "heartbeat") == "refused", "a device of another school"


def test_a_device_reports_its_own_faults_each_event_once(ground: Ground, machine: Machine) -> None:
    device = a_device(ground, "JK-1")
    event = machine.event("JK-1", "fault", what="storage")
    assert [machine.send(event).json()["results"][0]["status"] for _ in range(3)] == [
        "taken",
        "known",
        "known",
    ]
    assert machine.say("JK-1", "fault", what="picture") == "taken"
    assert machine.say("JK-1", "fault", what="mood") == "refused"
    assert Repair.unguarded.get().fault == "设备上报存储故障"
    machine.say("JK-1", "recovered", what="storage")
    with clock.moved(clock.now() + timedelta(minutes=4)):
        machine.say("JK-1", "recovered", what="picture")
    for minutes in (6, 11, 16):
        with clock.moved(clock.now() + timedelta(minutes=minutes)):
            machine.say("JK-1", "heartbeat")
            watch()
    assert Repair.unguarded.get().recovered_at is not None, "both faults are over"
    # A whole batch: what is wrong in it does not hold up the rest.
    mixed = [machine.event("JK-404", "heartbeat"), machine.event("JK-1", "heartbeat")]
    assert [one["status"] for one in machine.send(*mixed).json()["results"]] == ["refused", "taken"]
    device.refresh_from_db()
    perform(ground.officer, device, "stop", {"fault": "拆除"})
    assert machine.say("JK-1", "heartbeat") == "refused", "out of use"


def test_the_limit_is_the_district_s_and_a_device_switched_off_is_no_fault(
    ground: Ground, machine: Machine
) -> None:
    create(ground.bureau, DeviceLimit(org=ground.tree.county, silent_minutes=30))
    a_device(ground, "JK-1")
    off = a_device(ground, "JK-2")
    start = clock.now()
    machine.send(machine.event("JK-1", "heartbeat"), machine.event("JK-2", "heartbeat"))
    assert web(ground.officer).post(f"{off.get_absolute_url()}act/go_offline").status_code == 303
    for minutes, orders in ((29, 0), (31, 1)):
        with clock.moved(start + timedelta(minutes=minutes)):
            watch()
            assert Repair.unguarded.count() == orders


def test_the_key_is_told_once_and_a_new_one_ends_it(ground: Ground, machine: Machine) -> None:
    a_device(ground, "JK-1")
    address = f"{machine.source.get_absolute_url()}key/"
    assert web(ground.officer).post(address).status_code == 403
    told = web(ground.bureau).post(address).content.decode()
    assert machine.key not in told
    assert machine.send(machine.event("JK-1", "heartbeat")).status_code == 401
    machine.key = told.split('id="key">')[1][:64]
    assert machine.say("JK-1", "heartbeat") == "taken"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[" * 50_000,
        b'{"events": 1}',
        b'{"events": [1]}',
        b'{"events": [{"id": "\\ud800", "kind": "fault"}]}',
        b'{"events": [{"id": "a\\u0000b", "kind": "fault"}]}',
        b'{"events": [' + b"{}," * 200 + b"{}]}",
    ],
)
def test_what_cannot_be_read_is_refused_whole(machine: Machine, body: bytes) -> None:
    answer = machine.send_body(body)
    assert answer.status_code == 422
    assert "results" not in answer.json()


def test_odd_times_and_floods_are_refused(machine: Machine) -> None:
    for stamp in ("9" * 5000, "-1", "\u0661\u0662", "soon"):
        assert machine.send_body(b"{}", stamp).status_code == 401, stamp[:9]
    assert machine.send_body(b" " * 300_000).status_code == 413
