"""The nightly roll call: on the phone, missing pupils until explained, approved leave, rolls not taken (D17.3)."""

import json
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from anlan.domains.dormitory.leaves import Leave
from anlan.domains.dormitory.roll_calls import Absence, Marked, RollCall, begin_night, close, inhabited, take
from anlan.domains.dormitory.stays import check_out
from anlan.domains.dormitory.watching import watch
from anlan.engines.audit.api import SYSTEM, AuditEntry
from anlan.engines.messaging.api import Message
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected
from tests.dormitory.conftest import WEDNESDAY, House, at
from tests.factories import sign_in
from tests.safety.test_races import at_once


def told(event: str) -> list[str]:
    """Whom a message of the event went to, in order of their names."""
    return sorted(Message.objects.filter(event=event).values_list("addressee__name", flat=True))


def a_leave(house: House, boarder: Any, hours: int = 48) -> Leave:
    """Leave since the afternoon, with consent."""
    start = datetime.combine(WEDNESDAY, time(16), clock.zone())
    said = {
        "reason": "回家",
        "consent": "call",
        "starts_at": start,
        "back_by": start + timedelta(hours=hours),
    }
    return house.own(Leave, boarder=boarder, **said)


def send(user: Any, call: RollCall, marks: dict[int, str], **said: Any) -> Any:
    """What the phone sends."""
    values = {"marks": {str(pk): {"mark": mark} for pk, mark in marks.items()}, "at": clock.now().isoformat()}
    body = {"uid": str(uuid4()), "kind": "roll_call", "pk": call.pk, "values": values, **said}
    return sign_in(Client(), user).post("/safety/field/outbox", json.dumps(body), "application/json")


@pytest.mark.requirement("D17.3")
def test_a_missing_pupil_alerts_each_once_and_rises_until_somebody_explains(house: House) -> None:
    present, away, late, missing = house.settled(house.room(house.boys, "301", 4), "Z1", "Z2", "Z3", "Z4")
    house.duty(house.boys)
    a_leave(house, away)
    call = house.call()
    marks = {present: "present", away: "missing", late: "late", missing: "missing"}
    answer = send(house.keeper, call, {pupil.pk: mark for pupil, mark in marks.items()})
    assert answer.status_code == 200, answer.content.decode()
    call.refresh_from_db()
    assert (call.present, call.leave, call.late, call.missing, call.taken_by) == (1, 1, 1, 1, house.keeper)
    rows = {row.boarder: row.kind for row in Absence.objects.unscoped().select_related("boarder")}
    assert rows == {away: "leave", late: "late", missing: "missing"}
    assert told("dormitory.missing") == ["何老师", "带班李", "陈老师"]
    assert not Message.objects.filter(title__contains=missing.name).exists()
    assert Message.objects.filter(event="dormitory.missing", title__contains="张***").count() == 3

    case = Absence.objects.unscoped().get(kind="missing")
    assert watch()["missing"] == 0
    with at(22, 11):
        assert watch()["missing"] == 1
        assert watch()["missing"] == 0
    assert told("dormitory.still_missing") == ["周科长", "王校长"]
    assert len(told("dormitory.missing")) == 3

    teacher = sign_in(Client(), house.teaching)
    assert teacher.get(case.get_absolute_url()).status_code == 200
    assert teacher.get(Absence.objects.unscoped().get(kind="late").get_absolute_url()).status_code == 200
    assert sign_in(Client(), house.leading).get(case.get_absolute_url()).status_code == 404
    with pytest.raises(Rejected, match="说明"):
        close(house.actor(house.safety), case, "  ")
    case.refresh_from_db()
    close(house.actor(house.safety), case, "家长已接回，电话核实")
    with pytest.raises(Conflict):
        close(house.actor(house.keeper), case, "在校医室")


@pytest.mark.requirement("D17.3")
def test_a_roll_nobody_called_is_an_alert_once_and_none_where_nobody_sleeps(house: House) -> None:
    (pupil,) = house.settled(house.room(house.boys), "Z1")
    house.duty(house.boys)
    call = house.call()
    assert begin_night(SYSTEM, WEDNESDAY, inhabited()) == []
    assert watch()["untaken"] == 0
    with at(22, 1):
        assert watch()["untaken"] == 1
        assert watch()["untaken"] == 0
        assert told("dormitory.untaken") == ["何老师", "带班李"]
        (late,) = _listed(house.bureau, "roll-calls/?untaken=1")
        assert (late["building"], late["stand"]) == (house.boys.pk, "没有按时点名")
        take(house.actor(house.keeper), call, {pupil.pk: Marked("present")}, clock.now())
        assert _listed(house.bureau, "roll-calls/?untaken=1") == []
    friday = WEDNESDAY + timedelta(days=2)
    assert begin_night(SYSTEM, friday, inhabited()) == []
    check_out(SYSTEM, pupil)
    assert begin_night(SYSTEM, WEDNESDAY + timedelta(days=1), inhabited()) == []


def _listed(user: Any, query: str) -> Any:
    return sign_in(Client(), user).get(f"/api/dormitory/{query}").json()["results"]


def test_everybody_is_named_leave_is_approved_and_strangers_call_no_roll(house: House) -> None:
    first, second = house.settled(house.room(house.boys), "Z1", "Z2")
    call = house.call()
    assert send(house.keeper, call, {first.pk: "present"}).status_code == 422
    refused = send(house.keeper, call, {first.pk: "present", second.pk: "leave"})
    assert refused.status_code == 422
    assert "没有登记请假" in refused.json()["message"]
    whole = {first.pk: "present", second.pk: "late"}
    assert send(house.stranger(), call, whole).status_code == 404
    assert send(house.bureau, call, whole).status_code == 403
    assert send(house.keeper, call, {"x": "present"}).status_code == 422  # type: ignore[dict-item]
    uid = str(uuid4())
    assert send(house.keeper, call, whole, uid=uid).status_code == 200
    assert send(house.keeper, call, whole, uid=uid).status_code == 200
    assert send(house.safety, call, whole).status_code == 409
    assert Absence.objects.unscoped().count() == 1


def test_leave_that_ran_out_does_not_hide_a_missing_pupil(house: House) -> None:
    (pupil,) = house.settled(house.room(house.boys), "Z1")
    a_leave(house, pupil, hours=4)
    take(house.actor(house.keeper), house.call(), {pupil.pk: Marked("missing")}, clock.now())
    assert Absence.objects.unscoped().get().kind == "missing"


def test_the_phone_takes_names_along_only_for_who_calls_the_roll_and_that_is_written_down(
    house: House,
) -> None:
    (pupil,) = house.settled(house.room(house.boys), "Z1")
    call = house.call()
    brought = sign_in(Client(), house.keeper).get("/safety/field/tasks.json").json()["brought"]["roll_call"]
    assert [(one["name"], one["room"], one["leave"]) for one in brought[0]["boarders"]] == [
        (pupil.name, "301", False)
    ]
    assert AuditEntry.objects.filter(action="view", object_id=str(call.pk), user=house.keeper).count() == 1
    assert (
        sign_in(Client(), house.stranger()).get("/safety/field/tasks.json").json()["brought"]["roll_call"]
        == []
    )


@pytest.mark.django_db(transaction=True)
def test_two_keepers_who_call_the_roll_at_once_call_it_once() -> None:
    with at(21, 40):
        house = House()
        (pupil,) = house.settled(house.room(house.boys), "Z1")
        call, marks = house.call(), {pupil.pk: Marked("missing")}
        actors = [house.actor(user) for user in (house.keeper, house.safety)]
        works = [lambda actor=actor: take(actor, call, marks, clock.now()) for actor in actors]
        assert at_once(*works) == ["done", "refused"]
    assert Absence.objects.unscoped().count() == 1
    assert len(told("dormitory.missing")) == 2
