"""Signing in and out, the log, handing over, and what happens when nobody signs in (S04.4)."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from anlan.base.schools import School
from anlan.domains.duty.logs import LogEntry, times_to_report, write
from anlan.domains.duty.periods import DutyRule
from anlan.domains.duty.rosters import Turn, Watch
from anlan.domains.duty.serving import Said, alert_missed, hand_over, sign_in, sign_out, take_over
from anlan.domains.safety.incidents import Incident
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.messaging.api import Message
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Forbidden, Rejected
from tests.duty.conftest import FIRST, District, at
from tests.factories import sign_in as enter

pytestmark = pytest.mark.django_db
HERE = (24.8123, 118.5912)


@pytest.fixture
def manned(district: District) -> Any:
    """The roster is out, the school measured, and it is the first morning."""
    said = {
        "name": "池店一小",
        "kind": "primary",
        "nature_id": "school_nature.public",
        "coordinate_system": "wgs84",
    }
    create(SYSTEM, School(org=district.school, latitude="24.812300", longitude="118.591200", **said))
    district.published()
    with clock.moved(at(FIRST, 8)):
        yield district


def first(district: District, part: str = "member") -> Turn:
    roster = Turn.objects.unscoped().select_related("roster").earliest("begins_at", "pk").roster
    return district.turns(roster, part)[0]


def told(event: str) -> list[str]:
    return sorted(Message.objects.filter(event=event).values_list("addressee__name", flat=True))


@pytest.mark.requirement("S04.4")
def test_a_shift_from_signing_in_to_handing_over(manned: District, client: Client) -> None:
    turn, lead = first(manned), first(manned, "leader")
    me = manned.actor(turn.account)
    with clock.moved(at(FIRST, 8, 14)):
        assert alert_missed() == 0
    with clock.moved(at(FIRST, 8, 16)):
        sign_in(manned.actor(lead.account), lead, Said(at(FIRST, 7, 50), HERE))
        assert alert_missed() == 1
        assert alert_missed() == 0, "once"
        assert told("duty.missed") == [lead.person.name], "the leader in charge"
        sign_in(me, turn, Said(clock.now(), (24.9, 118.6)))
    stored = Turn.objects.unscoped().get(pk=turn.pk)
    assert (stored.late, stored.in_place) == (True, "away")
    assert stored.in_metres is not None
    assert stored.in_metres > 5000
    assert Turn.objects.unscoped().get(pk=lead.pk).in_place == "near"
    watch = turn.watch
    with pytest.raises(Rejected, match="日志还是空的"):
        hand_over(me, watch)
    enter(client, turn.account)
    refused = client.post(f"/duty/watches/{watch.pk}/act/hand", {"handed_note": ""})
    assert refused.status_code == 422
    assert "日志还是空的" in refused.content.decode()
    assert Watch.objects.unscoped().get(pk=watch.pk).handed_at is None
    said = {"kind": "incident", "text": "围墙外墙皮脱落", "idempotency": "a"}
    for _ in range(2):
        assert client.post(f"/duty/watches/{watch.pk}/act/note", said).status_code == 303
    entry = LogEntry.objects.unscoped().get()
    incident = Incident.objects.unscoped().get()
    assert entry.incident_url == incident.get_absolute_url()
    assert (incident.org, incident.source_url) == (manned.school, entry.get_absolute_url())
    assert "围墙外墙皮脱落" in incident.title
    assert set(told("duty.incident")) == {"王校长", "林主任"}
    assert entry.incident_url in enter(client, manned.officer).get(entry.get_absolute_url()).content.decode()
    with clock.moved(at(FIRST, 18, 5)):
        hand_over(me, Watch.objects.unscoped().get(pk=watch.pk), "注意围墙")
        handed = Watch.objects.unscoped().select_related("org", "roster").get(pk=watch.pk)
        with pytest.raises(Conflict, match="不能是同一人"):
            take_over(me, handed)
        following = manned.turns(turn.roster, "member")[1]
        take_over(manned.actor(following.account), handed)
        sign_out(me, Turn.objects.unscoped().get(pk=turn.pk), clock.now())
        with pytest.raises(Conflict):
            sign_out(me, Turn.objects.unscoped().get(pk=turn.pk), clock.now())
        with pytest.raises(Conflict, match="已经交班"):
            write(me, handed, "round", "补一条")


def test_the_limit_is_the_districts(manned: District) -> None:
    create(SYSTEM, DutyRule(org=manned.tree.county, late_minutes=30))
    with clock.moved(at(FIRST, 8, 29)):
        assert alert_missed() == 0
    with clock.moved(at(FIRST, 8, 30)):
        assert alert_missed() == 2


def test_only_the_own_turn_in_its_time(manned: District, client: Client) -> None:
    turn = first(manned)
    with pytest.raises(Forbidden):
        sign_in(manned.actor(manned.staff[2].account), turn, Said(clock.now()))
    with pytest.raises(Rejected, match="最早提前 60 分钟"):
        sign_in(manned.actor(turn.account), turn, Said(at(FIRST, 6, 30)))
    with pytest.raises(Conflict, match="不在这一班"):
        write(manned.actor(manned.staff[2].account), turn.watch, "round", "x")
    url = f"/duty/turns/{turn.pk}/act/sign_in"
    enter(client, turn.account)
    assert client.post(url, {"idempotency": "x"}).status_code == 303
    assert client.post(url, {"idempotency": "x"}).status_code == 303, "a double click"
    assert client.post(url, {"idempotency": "y"}).status_code == 409, "signed in already"
    assert enter(client, manned.staff[2].account).post(url).status_code == 404, "not theirs to see"


def test_all_is_well_at_set_times(manned: District) -> None:
    turn = first(manned)
    Watch.unguarded.filter(pk=turn.watch_id).update(reports="09:00 12:00")
    watch = Watch.objects.unscoped().select_related("roster", "org").get(pk=turn.watch_id)
    with clock.moved(at(FIRST, 9, 10)):
        write(manned.actor(turn.account), watch, "calm")
    assert [said for _, said in times_to_report(watch)] == [True, False]
    night = manned.turns(turn.roster, "member")[1].watch
    night.reports = "22:00 06:00"
    assert [due.day for due, _ in times_to_report(night)] == [FIRST.day, FIRST.day + 1], "beyond midnight"


def test_the_phone_brings_and_sends_once(manned: District, client: Client) -> None:
    turn = first(manned)
    enter(client, turn.account)
    brought = client.get("/safety/field/tasks.json").json()["brought"]["duty"]
    assert brought[0]["id"] == str(turn.pk)
    moment = clock.now().isoformat()
    sent = {
        "uid": str(uuid4()),
        "kind": "duty",
        "pk": turn.pk,
        "values": {"do": "in", "at": moment, "lat": HERE[0], "lng": HERE[1]},
    }

    def send(said: dict[str, Any]) -> Any:
        return client.post("/safety/field/outbox", json.dumps(said), content_type="application/json")

    assert send(sent).status_code == 200
    assert send(sent).status_code == 200, "sent again because the answer was lost"
    assert Turn.objects.unscoped().get(pk=turn.pk).in_place == "near"
    line = {
        "uid": str(uuid4()),
        "kind": "duty",
        "pk": turn.pk,
        "values": {"do": "log", "kind": "round", "text": "巡查正常", "at": moment},
    }
    assert [send(line).status_code for _ in range(2)] == [200, 200]
    assert LogEntry.objects.unscoped().count() == 1
    other = sent | {"uid": str(uuid4()), "pk": manned.turns(turn.roster, "member")[2].pk}
    assert send(other).status_code == 404
    assert send(line | {"uid": str(uuid4()), "values": {"do": "log", "kind": "x"}}).status_code == 422
    with clock.moved(clock.now() + timedelta(hours=10)):
        enter(client, turn.account)
        left = {"uid": str(uuid4()), "kind": "duty", "pk": turn.pk, "values": {"do": "out"}}
        assert send(left).status_code == 200
