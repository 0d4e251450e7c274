"""Repairs of devices: the clock, interim measures, refusals, and who is told."""

from datetime import timedelta
from typing import Any

import pytest

from anlan.domains.site_security.device_limits import DeviceLimit
from anlan.domains.site_security.devices import Device
from anlan.domains.site_security.repair_registers import ask_for_interim
from anlan.domains.site_security.repairs import Repair, open_repair
from anlan.engines.audit.api import Actor, create
from anlan.engines.messaging.api import Message
from anlan.engines.tasks.api import Job, watch_deadlines
from anlan.engines.workflow.api import perform, steps_of
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Rejected
from tests.factories import a_user
from tests.site_security.conftest import Ground, web
from tests.site_security.test_devices import a_device

pytestmark = pytest.mark.django_db
URL = "/site-security/repairs/"


@pytest.fixture
def mender(ground: Ground) -> Actor:
    """Somebody of the maintenance firm, for the school."""
    return Actor.person(a_user("device_mender", ground.tree.school, name="老吴"), "web")


def reported(ground: Ground, code: str = "JK-1") -> Device:
    """A camera reported faulty by the officer."""
    device = a_device(ground, code)
    perform(ground.officer, device, "report", {"fault": "夜间没有图像"})
    return device


def mended(actor: Actor, device: Device, **said: Any) -> Device:
    """Accepted where that is still to be done, and mended."""
    if device.state == "reported":
        perform(actor, device, "accept")
    values = {"cause": "电源损坏", "restored_at": clock.now(), "parts": "电源"} | said
    perform(actor, device, "finish", values)
    return device


def shown(actor: Actor, url: str) -> str:
    """A page as the person sees it now, signed in anew."""
    answer = web(actor).get(url)
    assert answer.status_code == 200
    return str(answer.content.decode())


def the_order(device: Device) -> Repair:
    """The open order."""
    found = open_repair(device)
    assert found is not None
    return found


@pytest.mark.requirement("D02.6")
def test_a_fault_goes_through_one_process_and_back_into_service(ground: Ground, mender: Actor) -> None:
    device = reported(ground)
    assert (device.condition, device.state) == ("faulty", "reported")
    order = the_order(device)
    with pytest.raises(Conflict):
        perform(ground.officer, device, "confirm", {"working_test": "正常"})
    mended(mender, device)
    order.refresh_from_db()
    assert (order.accepted_by, order.mender, order.cause, order.parts) == ("老吴", "老吴", "电源损坏", "电源")
    perform(ground.officer, device, "redo", {"fault": "还是没有图像"})
    order.refresh_from_db()
    assert (order.stage, order.refusals, order.restored_at) == ("repairing", 1, None)
    mended(ground.officer, device)
    with pytest.raises(Conflict, match="不能确认自己的维修"):
        perform(ground.officer, device, "confirm", {"working_test": "正常"})
    head = Actor.person(a_user("school_head", ground.tree.school), "web")
    with pytest.raises(Forbidden):
        perform(mender, device, "confirm", {"working_test": "正常"})
    with pytest.raises(Rejected):
        perform(head, device, "confirm")
    perform(head, device, "confirm", {"working_test": "白天、夜间图像正常"})
    order.refresh_from_db()
    assert (device.condition, device.due_at, order.stage) == ("online", None, "closed")
    assert order.closed_at is not None
    assert [step.move for step in steps_of(device)] == [
        "report",
        "accept",
        "finish",
        "redo",
        "finish",
        "confirm",
    ]
    assert all(step.user_id and step.at for step in steps_of(device))


@pytest.mark.requirement("D02.6")
def test_lateness_is_flagged_in_lists_and_told_upward_once(ground: Ground, mender: Actor) -> None:
    start = clock.now()
    device = reported(ground)
    address = the_order(device).get_absolute_url()
    with clock.moved(start + timedelta(hours=5)):
        assert address in shown(ground.officer, f"{URL}?unaccepted=1")
        assert address not in shown(ground.officer, f"{URL}?late=1")
        perform(mender, device, "accept")
        assert address not in shown(ground.officer, f"{URL}?unaccepted=1")
    told = Message.objects.filter(event="tasks.overdue", addressee=ground.bureau.user)
    with clock.moved(start + timedelta(hours=23, minutes=59)):
        watch_deadlines()
        assert not told.exists()
    with clock.moved(start + timedelta(hours=24, minutes=1)):
        assert address in shown(ground.officer, f"{URL}?late=1")
        watch_deadlines()
        watch_deadlines()
    with clock.moved(start + timedelta(days=9)):
        watch_deadlines()
        assert told.count() == 1


@pytest.mark.requirement("N1.25")
def test_a_fault_is_guarded_within_the_hour_and_over_within_the_day(ground: Ground, mender: Actor) -> None:
    start = clock.now()
    device = reported(ground)
    address = the_order(device).get_absolute_url()
    with clock.moved(start + timedelta(minutes=59)):
        assert address not in shown(ground.officer, f"{URL}?no_interim=1")
    with clock.moved(start + timedelta(minutes=61)):
        assert address in shown(ground.officer, f"{URL}?no_interim=1")
        ask_for_interim(Job())
        ask_for_interim(Job())
        assert Message.objects.filter(event="site_security.interim").count() == 1
        officer = web(ground.officer)
        assert officer.post(f"{address}act/take_interim", {"interim": "  "}).status_code == 422
        assert officer.post(f"{address}act/take_interim", {"interim": "加派两名保安"}).status_code == 303
        assert address not in shown(ground.officer, f"{URL}?no_interim=1")
    with clock.moved(start + timedelta(hours=25)):
        assert "恢复逾期" in shown(ground.officer, address)
        watch_deadlines()
        assert Message.objects.filter(event="tasks.overdue", addressee=ground.bureau.user).exists()
        perform(mender, device, "accept")
        for wrong in (start - timedelta(minutes=1), clock.now() + timedelta(minutes=1)):
            with pytest.raises(Rejected) as why:
                perform(mender, device, "finish", {"cause": "断电", "restored_at": wrong})
            assert list(why.value.fields) == ["restored_at"]
        mended(mender, device)
        with pytest.raises(Rejected):
            perform(ground.officer, device, "confirm")
        perform(ground.officer, device, "confirm", {"working_test": "正常"})
        page = shown(ground.officer, address)
        assert "已恢复（超时）" in page


def test_a_district_sets_shorter_limits_and_none_longer_than_the_standard(ground: Ground) -> None:
    create(ground.bureau, DeviceLimit(org=ground.tree.county, restore_hours=12))
    device = reported(ground)
    assert device.due_at - device.started_at == timedelta(hours=12)
    with pytest.raises(Rejected):
        create(ground.bureau, DeviceLimit(org=ground.tree.city, restore_hours=25))
    with pytest.raises(Rejected):
        create(ground.bureau, DeviceLimit(org=ground.tree.city, keep_days=29))


def test_a_device_taken_out_of_use_closes_its_order(ground: Ground) -> None:
    device = reported(ground)
    perform(ground.officer, device, "stop", {"fault": "更换新设备"})
    assert open_repair(device) is None
    assert Repair.unguarded.get().stage == "withdrawn"
    assert device.condition == "withdrawn"
