"""Alarms through the door: pressed and tested, armed and disarmed, answered, judged, counted."""

from datetime import UTC, datetime, time, timedelta

import pytest

from anlan.domains.alarms.alarm_flow import call_again
from anlan.domains.alarms.alarms import Alarm
from anlan.domains.alarms.zones import Zone
from anlan.domains.safety.incidents import Incident
from anlan.engines.audit.api import Actor, create
from anlan.engines.messaging.api import Message
from anlan.engines.workflow.api import perform
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected
from tests.alarms.conftest import Machine
from tests.factories import a_user
from tests.site_security.conftest import Ground, web
from tests.site_security.test_devices import a_device

pytestmark = pytest.mark.django_db
URL, DEVICES = "/alarms/alarms/", "/site-security/devices/"


def told(event: str) -> list[str]:
    """Who was called, in order."""
    rows = Message.objects.filter(event=event).order_by("pk")
    return list(rows.values_list("addressee__name", flat=True))


@pytest.mark.requirement("N1.14")
def test_a_press_calls_until_somebody_takes_charge(ground: Ground, machine: Machine) -> None:
    school, county = ground.tree.school, ground.tree.county
    guard = Actor.person(a_user("guard", school, name="保安"), "web")
    a_user("alarm_police", county, name="公安")
    a_user("guard", ground.tree.sister_school, name="外校保安")
    installed = clock.today() - timedelta(days=8)
    button = a_device(ground, "BJ-1", "panic_button", spot="门卫室值班桌", installed_on=installed)
    late = web(ground.officer).get(f"{DEVICES}?family=panic&validity=expired").content.decode()
    assert button.get_absolute_url() in late, "tested weekly, and never since it was installed"
    assert machine.say("BJ-1", "panic", test=True) == "taken"
    test = Alarm.unguarded.get()
    assert (test.test, test.state, told("alarms.panic"), Incident.unguarded.count()) == (True, "heard", [], 0)
    assert "测试" in web(ground.officer).get(f"{URL}?test=1").content.decode()
    button.refresh_from_db()
    assert button.next_on == clock.today() + timedelta(days=7), "the test counts"
    # Pressed in earnest: school, centre and police hear of it at once, and again until somebody takes charge.
    press, start = machine.event("BJ-1", "panic"), clock.now()
    assert [machine.send(press).json()["results"][0]["status"] for _ in range(2)] == ["taken", "known"]
    alarm = Alarm.unguarded.get(test=False)
    assert (alarm.state, alarm.place) == ("open", "门卫室值班桌")
    everybody = {ground.officer.user.name, "保安", "公安", ground.bureau.user.name}
    assert set(told("alarms.panic")) == everybody
    text = Message.objects.filter(event="alarms.panic", addressee__name="公安").get()
    assert str(school) in text.title
    assert "门卫室值班桌" in text.title
    incident = Incident.unguarded.get()
    assert (incident.org, incident.source_url) == (school, alarm.get_absolute_url())
    assert call_again() == 0, "not within the minute"
    for minute in (1, 2):
        with clock.moved(start + timedelta(minutes=minute, seconds=5)):
            assert (call_again(), call_again()) == (1, 0)
    assert len(told("alarms.panic")) == 3 * len(everybody)
    assert machine.say("BJ-1", "panic") == "taken"
    alarm.refresh_from_db()
    assert (alarm.triggers, Alarm.unguarded.filter(test=False).count()) == (2, 1), (
        "pressed again: the same alarm"
    )
    # Nobody of another school takes charge; the guard does, and the calling ends.
    address = f"{alarm.get_absolute_url()}move/take"
    assert web(ground.stranger).post(address).status_code == 404
    assert web(guard).post(address).status_code == 303
    with clock.moved(start + timedelta(hours=1)):
        assert call_again() == 0
    alarm.refresh_from_db()
    assert alarm.state == "taken"


@pytest.mark.requirement("N1.15")
def test_a_zone_alerts_when_armed_and_is_judged_with_a_reason(ground: Ground, machine: Machine) -> None:
    school = ground.tree.school
    a_device(ground, "ZJ-1", "alarm_host", spot="监控室")
    said = {"armed_from": time(22), "armed_to": time(6), "rest_days": True}
    wall = create(ground.officer, Zone(org=school, code="01", title="东侧围墙", guards="perimeter", **said))
    monday = datetime(2026, 9, 7, 10, tzinfo=clock.zone()).astimezone(UTC)
    with clock.moved(monday):
        machine.say("ZJ-1", "intrusion", zone="01")
    quiet = Alarm.unguarded.get()
    assert (quiet.state, quiet.armed, told("alarms.intrusion")) == ("heard", False, [])
    judged = {"judgement": "false", "reason": "小动物触发"}
    for night in range(4):
        with clock.moved(monday + timedelta(days=night, hours=13)):  # 23:00
            assert machine.say("ZJ-1", "intrusion", zone="01") == "taken"
            alarm = Alarm.unguarded.get(state="open")
            assert len(told("alarms.intrusion")) == night + 1
            perform(ground.officer, alarm, "take")
            for lacking in ({}, {"judgement": "false"}, {"reason": "小动物触发"}):
                with pytest.raises(Rejected):
                    perform(ground.officer, alarm, "close", lacking)
            perform(ground.officer, alarm, "close", judged if night else judged | {"judgement": "real"})
    page = web(ground.officer).get("/alarms/zones/").content.decode()
    assert wall.get_absolute_url() in page
    assert "75" in page.split("误报率")[-1], "three of four were false"
    # On a day of rest it is armed all day; a zone nobody registered is kept, listed, and not missed.
    with clock.moved(monday + timedelta(days=6)):
        machine.say("ZJ-1", "intrusion", zone="01")
        assert Alarm.unguarded.filter(state="open", zone=wall).count() == 1
        machine.say("ZJ-1", "intrusion", zone="77")
    stray = Alarm.unguarded.get(zone=None)
    assert (stray.zone_code, stray.state) == ("77", "open")
    listed = web(ground.officer).get(f"{URL}?unassigned=1").content.decode()
    assert stray.get_absolute_url() in listed
    assert quiet.get_absolute_url() not in listed
    with pytest.raises(Conflict):
        perform(ground.officer, stray, "close", judged)
