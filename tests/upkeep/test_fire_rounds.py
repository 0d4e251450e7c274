"""Fire patrols and monthly checks: missed rounds by day and person, failed points (D14.2)."""

from datetime import datetime, timedelta

import pytest

from anlan.base.models import Person, School
from anlan.domains.fire.models import KeyPlace, Walk
from anlan.domains.fire.walking import begin_walks, close_walks
from anlan.domains.safety.hazards import Hazard
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.messaging.api import Message
from anlan.engines.registry.api import ledgers, number_of
from anlan.kernel import clock
from tests.upkeep.test_fire import TODAY, Ground, at, ground

__all__ = ["ground"]


@pytest.mark.requirement("D14.2")
def test_a_missed_round_shows_for_its_day_and_person_and_a_failed_point_raises_a_hazard(
    ground: Ground,
) -> None:
    said = {"kind": "primary", "nature_id": "school_nature.public", "pupils": 900, "boarders": 200}
    create(SYSTEM, School(org=ground.school, name=ground.school.name, **said))
    client = ground.web()
    kitchen = create(SYSTEM, KeyPlace(org=ground.school, name="厨房", kind="厨房"))
    device = ground.device()
    resting = ground.device("MH-9", state="stopped")
    stranger = create(SYSTEM, Person(org=ground.tree.far_school, name="外校人"))
    assert "1 所有住校生的学校没有夜间巡查" in client.get("/fire/rounds/").content.decode()
    points = {"places": [kitchen.pk], "devices": [device.pk, resting.pk], "by_day": 28}
    times = {"kind": "day", "begins_at": "07:30", "ends_at": "18:00", "walker": ground.person.pk}
    plan = {"org": ground.school.pk, "name": "日间巡查", **times, **points}
    assert client.post("/fire/rounds/new", plan | {"walker": stranger.pk}).status_code == 422
    assert client.post("/fire/rounds/new", plan).status_code == 303
    night = {"name": "夜间巡查", "kind": "night", "begins_at": "22:00", "ends_at": "06:00", "devices": []}
    assert client.post("/fire/rounds/new", plan | night).status_code == 303
    assert client.post("/fire/rounds/new", plan | {"name": "月度检查", "kind": "month"}).status_code == 303
    assert "没有夜间巡查" not in client.get("/fire/rounds/").content.decode()
    walks = {walk.kind: walk for walk in Walk.unguarded.all()}
    assert {kind: walk.points for kind, walk in walks.items()} == {"day": 2, "night": 1, "month": 2}
    assert walks["night"].ends_at - walks["night"].begins_at == timedelta(hours=8)

    with at(TODAY, 10):
        failing = ground.look(ground.guard, device, fail=(2,), note="指针在红区")
        hazard = Hazard.unguarded.get()
        assert (hazard.category.code, hazard.source_url) == ("fire", failing.headers["Location"])
        assert f'href="{device.get_absolute_url()}"' in ground.web().get(hazard.source_url).content.decode()
        assert ground.look(ground.guard, device).status_code in (409, 422), "twice in a minute"
        later = clock.now() + timedelta(minutes=5)
        assert ground.look(ground.guard, kitchen, at=later).status_code == 422, "a time to come"
        page = ground.web().get(walks["day"].get_absolute_url()).content.decode()
        assert f"{kitchen.get_absolute_url()}act/look_at" in page, "the way to what is still to be checked"
    with at(TODAY, 11):
        assert ground.look(ground.guard, kitchen).status_code == 303
        results = dict(Walk.unguarded.values_list("kind", "result"))
        assert results == {"day": "done", "night": "open", "month": "open"}
        assert ground.look(ground.guard, kitchen, act="look_month").status_code in (409, 422), (
            "the same minute"
        )

    with at(TODAY + timedelta(days=1), 9):
        assert (close_walks(), close_walks()) == (1, 0), "the night is over"
        begin_walks()
        begin_walks()
        assert Walk.unguarded.filter(kind="day").count() == 2, "one for each day"
        assert ground.look(ground.guard, kitchen).status_code == 303
    with at(TODAY + timedelta(days=2), 8):
        begin_walks()
        close_walks()
        close_walks()
        day = TODAY + timedelta(days=1)
        query = f"result=missed&kind=day&day_from={day}&day_to={day}&person={ground.person.pk}"
        rows = ground.web(ground.bureau).get(f"/api/fire/walks/?{query}").json()["results"]
        assert [(row["person"], row["points"], row["seen"]) for row in rows] == [(ground.person.pk, 2, 1)]
        missed = Walk.unguarded.get(kind="day", day=day)
        told = Message.objects.filter(event="fire.missed", addressee=ground.safety, object_id=missed.pk)
        assert told.count() == 1
        assert ground.web(ground.stranger).get(missed.get_absolute_url()).status_code == 404
        sent_late = datetime(day.year, day.month, day.day, 17, tzinfo=clock.zone())
        assert ground.look(ground.guard, device, at=sent_late).status_code == 303
        missed.refresh_from_db()
        assert missed.result == "done", "made in time, sent in late"
    assert number_of(ledgers["fire.walks"], ground.bureau, "result=missed&kind=night") == 2
