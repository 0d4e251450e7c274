"""One service reminds, warns, urges and escalates, by inbox and SMS, at hours that suit (X.6)."""

from datetime import timedelta

import pytest

from anlan.engines.audit.api import Actor
from anlan.engines.messaging.api import (
    Delivery,
    MessagePreference,
    deliver_due,
    messages_for,
    unread_count,
    urges_of,
)
from anlan.engines.tasks.api import accept, start, submit, urge_assignment, watch_deadlines
from anlan.kernel import clock
from anlan.kernel.errors import Conflict
from tests.messaging.conftest import Gateway, gateway
from tests.tasks.conftest import MONDAY, at

__all__ = ["gateway"]


def minute(moment) -> None:
    """What the worker does each minute."""
    with clock.moved(moment):
        watch_deadlines()
        deliver_due()


@pytest.mark.requirement("X.6")
def test_stages_channels_quiet_hours_and_urging(office, gateway: Gateway, settings):
    office.anna.phone = "13800000001"
    office.anna.save()
    MessagePreference.objects.create(user=office.anna, quiet_on_holidays=True)
    saturday = MONDAY + timedelta(days=5)
    task = office.own(day=MONDAY, deadline_days=5, deadline_time="23:00", remind_hours=4)
    minute(at(MONDAY, 9, 1))
    assert [parcel["title"] for parcel in gateway.taken] == ["新任务：消防自查"]
    minute(at(saturday, 19))
    minute(at(saturday, 20))
    minute(at(saturday, 23, 1))
    minute(at(saturday, 23, 30))
    assert [message.event for message in messages_for(office.anna)][:2] == ["tasks.overdue", "tasks.remind"]
    assert len(gateway.taken) == 1, "it is a weekend"
    gateway.answers = [200, 503, 503, 503, 503, 503]
    monday = MONDAY + timedelta(days=7)
    minute(at(monday, 6, 59))
    assert len(gateway.taken) == 1, "it is before seven"
    for hour in range(7, 23):
        minute(at(monday, hour, 1))
    told = [parcel["title"] for parcel in gateway.taken if parcel["to"] == "13800000001"]
    assert sorted([*told, Delivery.objects.get(state="failed").message.title]) == sorted(
        ["新任务：消防自查", "即将到期：消防自查", "已逾期：消防自查"]
    )
    assert Delivery.objects.get(state="failed").message.read_at is None
    assert unread_count(office.anna) == 3
    with clock.moved(at(monday, 9)):
        urge_assignment(Actor.person(office.head), task)
        with pytest.raises(Conflict):
            urge_assignment(Actor.person(office.head), task)
    assert urges_of(task).count() == 1
    for day in (8, 9, 10):
        minute(at(MONDAY + timedelta(days=day), 12))
    stages = messages_for(office.anna).filter(event__in=("tasks.remind", "tasks.overdue", "tasks.escalate"))
    assert stages.count() == 2
    for step in (accept, start, submit):
        step(Actor.person(office.anna), task)
    before = messages_for(office.head).count()
    minute(at(MONDAY + timedelta(days=60), 12))
    assert messages_for(office.head).count() == before
