"""A closed school: entrances with their times and exceptions, and with their gate duty rooms (N2.02, N2.03)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anlan.base.people import Person
from anlan.domains.alarms.entrances import Entrance, Opening
from anlan.domains.alarms.passes import Pass
from anlan.domains.alarms.passings import Passing
from anlan.domains.site_security.stating import Said, state
from anlan.domains.site_security.surveys import Statement
from anlan.engines.audit.api import Actor, create
from anlan.engines.messaging.api import Message
from anlan.kernel import clock
from anlan.kernel.errors import Rejected
from tests.alarms.conftest import Machine
from tests.factories import a_user
from tests.site_security.conftest import Ground, web
from tests.site_security.test_devices import a_device
from tests.tasks.conftest import PNG

pytestmark = pytest.mark.django_db
URL = "/alarms/entrances/"
READY: dict[str, Any] = {"room": "gate", "room_staff": 2, "alarm": True, "comms": True}


def at(hour: int, minute: int = 0) -> Any:
    """A moment of a Wednesday."""
    return clock.moved(datetime(2026, 9, 9, hour, minute, tzinfo=clock.zone()))


def listed(ground: Ground, query: str) -> list[str]:
    """Entrances the bureau sees."""
    rows = web(ground.bureau).get(f"/api{URL}?{query}").json()["results"]
    return [row["title"] for row in rows]


def told(person: Actor) -> list[str]:
    """Notices of passing outside the times."""
    return [one.text for one in Message.objects.filter(event="alarms.outside", addressee=person.user)]


@pytest.mark.requirement("N2.02")
def test_passing_outside_the_times_is_noticed_once_a_day_and_exceptions_have_an_approver(
    ground: Ground, machine: Machine
) -> None:
    school, sister = ground.tree.school, ground.tree.sister_school
    gate = create(ground.officer, Entrance(org=school, title="南大门"))
    other = create(ground.officer, Entrance(org=school, title="车库门"))
    approver = create(ground.officer, Person(org=school, name="李校长"))
    stranger = create(ground.stranger, Person(org=sister, name="外校校长"))
    create(ground.officer, Pass(org=school, card="S", person_class="student", holder="学生"))
    create(ground.officer, Pass(org=school, card="T", person_class="staff", holder="老师"))
    a_device(ground, "ZJ-1", "gate", passage="南大门")
    guard = Actor.person(a_user("guard", school), "web")

    said = {"org": school.pk, "entrance": gate.pk, "days": "work", "who": "all", "kind": "regular"}
    times = {"starts": "07:00", "ends": "08:00"}
    exception = said | {"kind": "exception", "day": "2026-09-09", "starts": "12:00", "ends": "13:00"}
    client = web(ground.officer)
    for wrong, field in (
        (exception | {"reason": "家长会"}, "批准人"),
        (exception | {"reason": "家长会", "approver": stranger.pk}, "批准人"),
        (exception | {"approver": approver.pk}, "事由"),
        (said | {"starts": "09:00", "ends": "08:00"}, "结束时间"),
    ):
        answer = client.post("/alarms/openings/new", wrong)
        assert (answer.status_code, field in answer.content.decode()) == (422, True)
    assert not Opening.unguarded.exists()
    for right in (
        said | times,
        said | {"starts": "09:00", "ends": "10:00", "who": "staff"},
        exception | {"reason": "家长会", "approver": approver.pk, "who": "visitor"},
    ):
        assert client.post("/alarms/openings/new", right).status_code == 303

    def passing(card: str) -> None:
        assert machine.say("ZJ-1", "passing", card=card) == "taken"

    def visitor(entrance: Entrance) -> None:
        create(guard, Passing(org=school, person_class="visitor", entrance=entrance))

    with at(7, 30):
        passing("S")
    with at(9, 30):
        passing("T")
    with at(12, 30):
        visitor(gate)
        visitor(other)
    assert told(guard) == [], "within the times, allowed, and nothing laid down for the other gate"
    with at(9, 40):
        passing("S")
        passing("S")
    with at(20):
        passing("T")
        passing("?")
    assert len(told(guard)) == 1, "one notice for the entrance and the day"
    assert "09-09 09:40" in told(guard)[0]
    assert "学生" in told(guard)[0]
    with clock.moved(datetime(2026, 9, 10, 12, 30, tzinfo=clock.zone())):
        visitor(gate)
        assert len(told(guard)) == 2, "the exception was for one day"
        page = web(guard).get(f"{URL}{gate.pk}/").content.decode()
        assert "开放时间外通行 4 人次" in page
        outside = web(guard).get(f"/api/alarms/passings/?entrance={gate.pk}&outside=1").json()["results"]
        assert len(outside) == 4
    assert told(ground.stranger) == []
    assert web(ground.stranger).get(f"{URL}{gate.pk}/").status_code == 404


@pytest.mark.requirement("N2.03")
def test_an_entrance_in_use_needs_its_room_and_alarm_shown_by_a_photo_and_a_closed_one_is_watched(
    ground: Ground, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    school, client = ground.tree.school, web(ground.officer)

    def verdict(code: str) -> tuple[str, str]:
        row = Statement.unguarded.get(survey=ground.survey(), requirement__code=code)
        return row.level, row.result

    def save(title: str, **said: Any) -> Entrance:
        body = {"org": school.pk, "title": title, "kind": "both", "room": "none", "room_staff": 0} | said
        found = Entrance.unguarded.filter(title=title).first()
        address = f"{URL}{found.pk}/edit" if found else f"{URL}new"
        body |= {"version": found.version} if found else {}
        assert client.post(address, body).status_code == 303
        return Entrance.unguarded.get(title=title)

    def meet(entrance: Entrance, **files: Any) -> int:
        return int(client.post(f"{URL}{entrance.pk}/act/meet", files).status_code)

    def photo() -> dict[str, Any]:
        return {"photos": SimpleUploadedFile("a.png", PNG, "image/png")}

    assert verdict("W03") == ("must", "unfilled")
    gate = save("南大门")
    assert (verdict("W03"), verdict("W05")) == (("must", "not_met"), ("must", "not_met"))
    gate = save("南大门", room="gate", room_staff=2, comms="on")
    assert meet(gate, **photo()) == 422, "no alarm"
    gate = save("南大门", **READY | {"alarm": "on", "comms": "on"})
    row = Statement.unguarded.get(survey=ground.survey(), requirement__code="W03")
    with pytest.raises(Rejected, match="没有照片"):
        state(ground.officer, ground.survey(), {row.pk: Said("met", device="1 号")})
    assert meet(gate) == 422, "no photo"
    paper = SimpleUploadedFile("a.txt", "说明".encode(), "text/plain")
    assert meet(gate, photos=paper) == 422, "a paper is no photo"
    assert (verdict("W03")[1], listed(ground, "unmet=1")) == ("not_met", ["南大门"])
    assert meet(gate, **photo()) == 303
    assert (verdict("W03")[1], verdict("W05")[1], listed(ground, "unmet=1")) == ("met", "met", [])

    yesterday = clock.today() - timedelta(days=1)
    north = save("北小门", closed_on=yesterday.isoformat())
    assert (verdict("W03")[1], listed(ground, "unmet=1")) == ("met", []), "a closed one needs no room"
    early = clock.now() - timedelta(days=3)
    create(ground.officer, Passing(org=school, person_class="staff", entrance=north, at=early))
    assert listed(ground, "leaking=1") == [], "before it was closed"
    create(ground.officer, Passing(org=school, person_class="staff", place="北小门"))
    assert listed(ground, "leaking=1") == ["北小门"]
    assert "停用后仍有通行" in web(ground.bureau).get(f"{URL}{north.pk}/").content.decode()
    assert any("已停用" in words for words in told(ground.officer))
