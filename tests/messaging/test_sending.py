"""Messages arrive once, where they should, and only at those concerned."""

import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from anlan.engines.messaging.api import (
    Delivery,
    Message,
    MessagePreference,
    declare_event,
    deliver_due,
    holders,
    mark_read,
    messages_for,
    nearest_holders,
    provide_quiet_days,
    send,
    unread_by_kind,
    unread_count,
)
from anlan.engines.messaging.declaring import EventDeclaration, _faults, declared_events, kinds
from anlan.kernel import clock

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 10, 21, 12, 0, tzinfo=ZONE)
NIGHT = datetime(2026, 10, 21, 23, 30, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def events(monkeypatch):
    """Two events of the test's own."""
    monkeypatch.setattr(declared_events, "_frozen", False)
    monkeypatch.setattr(declared_events, "_items", dict(declared_events._items))
    declare_event("test.due", "task", "{name}快到期了", "请在 {when} 前办理", channels="sms")
    declare_event("test.fire", "incident", "{name}发生险情", channels="sms", urgent=True)


def told(user) -> list[str]:
    return [message.title for message in messages_for(user)]


def test_one_event_arrives_once_per_addressee(office):
    anna, ben = office.person("anna", office.first), office.person("ben", office.first)
    context = {"name": "巡查", "when": "周五"}
    assert send("test.due", [anna, ben, anna], key="plan-1", context=context) == 2
    assert send("test.due", [anna, ben], key="plan-1", context=context) == 0
    assert told(anna) == told(ben) == ["巡查快到期了"]
    assert send("test.due", [anna], key="plan-2", context=context) == 1
    assert unread_count(anna) == 2 == sum(unread_by_kind(anna).values())


def test_the_unread_number_falls_only_for_the_reader(office):
    anna, ben = office.person("anna", office.first), office.person("ben", office.first)
    send("test.due", [anna, ben], key="k", context={"name": "巡查", "when": "周五"})
    assert mark_read(anna) == 1
    assert (unread_count(anna), unread_count(ben)) == (0, 1)
    assert mark_read(ben, [messages_for(anna).get().pk]) == 0


def test_people_switched_off_get_nothing(office):
    gone = office.person("gone", office.first, is_active=False)
    assert send("test.due", [gone], key="k", context={"name": "巡查", "when": "周五"}) == 0


def test_holders_of_a_duty_are_found_over_the_unit(office):
    head = office.person("head", office.first, "x.do")
    other = office.person("other", office.second, "x.do")
    bureau = office.person("bureau", office.county, "x.do")
    assert holders(office.first, permission="x.do") == [head, bureau]
    assert holders(office.first, permission="x.do", at_unit=True) == [head]
    assert holders(office.second, role="role-other") == [other]
    assert nearest_holders(office.first, "x.do") == [head]
    head.grants.all().delete()
    assert nearest_holders(office.first, "x.do") == [bureau]


@pytest.mark.django_db(transaction=True)
def test_the_same_event_sent_by_two_at_once_arrives_once(office):
    anna, gate = office.person("anna", office.first), threading.Barrier(2)

    def run() -> None:
        gate.wait()
        send("test.due", [anna], key="race", context={"name": "巡查", "when": "周五"})
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told(anna) == ["巡查快到期了"]


def test_sms_goes_over_the_wire_and_a_repeat_sends_nothing(office, gateway):
    anna = office.person("anna", office.first, phone="13800000001")
    with clock.moved(NOON):
        send("test.due", [anna], key="k", context={"name": "巡查", "when": "周五"})
        assert deliver_due() == 1
        assert deliver_due() == 0
    assert [(parcel["to"], parcel["title"]) for parcel in gateway.taken] == [("13800000001", "巡查快到期了")]
    assert Delivery.objects.get().state == "sent"


def test_a_channel_that_fails_is_tried_again_and_then_falls_back_to_the_inbox(office, gateway):
    anna = office.person("anna", office.first, phone="13800000001")
    gateway.answers = [503] * 20
    with clock.moved(NOON):
        send("test.due", [anna], key="k", context={"name": "巡查", "when": "周五"})
        assert deliver_due() == 0
        assert Delivery.objects.get().state == "queued"
    moment = NOON
    for _ in range(10):
        moment += timedelta(hours=1)
        with clock.moved(moment):
            deliver_due()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.error) == ("failed", 5, "对方返回 503")
    assert told(anna) == ["巡查快到期了"]
    assert unread_count(anna) == 1


def test_a_gateway_that_recovers_gets_the_message_once(office, gateway):
    anna = office.person("anna", office.first, phone="13800000001")
    gateway.answers = [500, 500]
    with clock.moved(NOON):
        send("test.due", [anna], key="k", context={"name": "巡查", "when": "周五"})
        deliver_due()
        deliver_due()
    for hours in (1, 2, 3):
        with clock.moved(NOON + timedelta(hours=hours)):
            deliver_due()
    assert len(gateway.taken) == 1
    assert Delivery.objects.get().state == "sent"


def test_an_unreachable_gateway_leaves_the_message_in_the_inbox(office, settings):
    settings.MESSAGE_CHANNELS = {"sms": {"url": "http://127.0.0.1:1/none", "timeout": 1.0}}
    anna = office.person("anna", office.first, phone="13800000001")
    with clock.moved(NOON):
        send("test.due", [anna], key="k", context={"name": "巡查", "when": "周五"})
        assert deliver_due() == 0
    assert "无法连接" in Delivery.objects.get().error
    assert unread_count(anna) == 1


def test_quiet_hours_hold_a_message_back_and_urgent_ones_pass(office, gateway):
    anna = office.person("anna", office.first, phone="13800000001")
    with clock.moved(NIGHT):
        send("test.due", [anna], key="k", context={"name": "巡查", "when": "周五"})
        assert unread_count(anna) == 1
        assert deliver_due() == 0
        send("test.fire", [anna], key="f", context={"name": "食堂"})
        assert deliver_due() == 1
    with clock.moved(NIGHT + timedelta(hours=8)):
        assert deliver_due() == 1
    assert [parcel["title"] for parcel in gateway.taken] == ["食堂发生险情", "巡查快到期了"]


def test_holidays_are_kept_where_the_person_asked_for_it(office, gateway):
    anna = office.person("anna", office.first, phone="13800000001")
    MessagePreference.objects.create(user=anna, quiet_on_holidays=True)
    provide_quiet_days(lambda day: day.weekday() >= 5)
    saturday = datetime(2026, 10, 24, 12, 0, tzinfo=ZONE)
    with clock.moved(saturday):
        send("test.due", [anna], key="k", context={"name": "巡查", "when": "周五"})
        assert deliver_due() == 0
    with clock.moved(saturday + timedelta(days=1, hours=11)):
        assert deliver_due() == 0
    with clock.moved(saturday + timedelta(days=1, hours=20)):
        assert deliver_due() == 1


def test_a_kind_that_was_switched_off_stays_in_the_inbox(office, gateway):
    anna = office.person("anna", office.first, phone="13800000001")
    MessagePreference.objects.create(user=anna, muted={"sms": ["task", "incident"]})
    with clock.moved(NOON):
        send("test.due", [anna], key="k", context={"name": "巡查", "when": "周五"})
        send("test.fire", [anna], key="f", context={"name": "食堂"})
        deliver_due()
    assert [parcel["title"] for parcel in gateway.taken] == ["食堂发生险情"]
    assert unread_count(anna) == 2


def test_the_file_backend_writes_a_line_per_message(office, settings, tmp_path):
    settings.MESSAGE_CHANNELS = {"sms": {"file": str(tmp_path / "sms.jsonl")}}
    anna = office.person("anna", office.first, phone="13800000001")
    with clock.moved(NOON):
        send("test.due", [anna], key="k", context={"name": "巡查", "when": "周五"})
        assert deliver_due() == 1
    assert "13800000001" in (tmp_path / "sms.jsonl").read_text(encoding="utf-8")


def test_a_template_cannot_reach_into_objects():
    assert list(_faults(EventDeclaration("x", "task", "{user.password}")))
    assert list(_faults(EventDeclaration("x", "no-such-kind", "x")))
    assert "task" in kinds


def test_messages_know_their_kind_in_words(office):
    anna = office.person("anna", office.first)
    send("test.due", [anna], key="k", context={"name": "巡查", "when": "周五"})
    assert Message.objects.get().kind_title == "任务"
