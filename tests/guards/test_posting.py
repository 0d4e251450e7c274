"""Guards at their posts: shifts, roster, clocking in, rounds, visitors and deliveries (D15.4)."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.test import Client

from anlan.base.people import Person
from anlan.base.schools import School
from anlan.domains.duty import drawing_up
from anlan.domains.duty.drawing_up import put, watches_of
from anlan.domains.duty.laying_out import lay_out
from anlan.domains.duty.rosters import Roster, Turn
from anlan.domains.duty.serving import Said, alert_missed, sign_in
from anlan.domains.guards.gear import Post
from anlan.domains.guards.posting import PostShift
from anlan.domains.guards.visits import Visit
from anlan.domains.patrols.rounds import settle_ended
from anlan.domains.patrols.routes import Point, Route
from anlan.engines.audit.api import SYSTEM, Actor, create
from anlan.engines.messaging.api import Message
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected
from tests.factories import a_user
from tests.factories import sign_in as enter
from tests.guards.conftest import Gate, listed
from tests.safety.test_races import at_once

FRIDAY = date(2026, 9, 11)
HERE, FAR = (24.8123, 118.5912), (24.9, 118.6)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), clock.zone())


class Posted:
    """A school with two posts and two guards who have accounts; gate duty on school days, a night watch daily."""

    def __init__(self, gate: Gate, first: date = FRIDAY) -> None:
        self.gate, self.first = gate, first
        self.school = gate.tree.school
        self.head = a_user("school_head", self.school, name="王校长")
        self.keeper = Actor.person(gate.safety, "web")
        self.people = [self.guard(number, name) for number, name in enumerate(("老林", "小陈"), 1)]
        for name, days, hours in (("大门", "taught", (7, 9)), ("宿舍区", "every", (7, 19))):
            post = create(SYSTEM, Post(org=self.school, name=name))
            said = {"begins_at": time(hours[0]), "ends_at": time(hours[1]), "days": days}
            create(SYSTEM, PostShift(org=self.school, post=post, name="早班", **said))

    def guard(self, number: int, name: str) -> Person:
        """A guard on duty with an account and a number."""
        account = a_user("guard", self.school, name=name)
        said = {"org": self.school, "name": name, "account": account, "phone": f"1380000000{number}"}
        person = create(SYSTEM, Person(**said))
        self.gate.guard(number, person=person)
        return person

    def roster(self, first: date | None = None) -> Roster:
        """A roster of three days."""
        first = first or self.first
        said = {"org": self.school, "scheme": "guards", "title": "保安岗位表", "first": first}
        roster = create(self.keeper, Roster(**said, last=first + timedelta(days=2), state="draft"))
        lay_out(self.keeper, [roster])
        return Roster.objects.unscoped().select_related("org").get(pk=roster.pk)

    def seat(self, roster: Roster, number: int, person: Person) -> None:
        """Put somebody into one shift."""
        watch = watches_of(roster)[number]
        fresh = Roster.objects.unscoped().select_related("org").get(pk=roster.pk)
        put(self.keeper, fresh, {(watch.pk, "member"): [person]})


@pytest.mark.requirement("D15.4")
def test_posts_are_manned_by_one_guard_each_and_absences_and_missed_rounds_are_told_once(gate: Gate) -> None:
    posted = Posted(gate)
    located = {"coordinate_system": "wgs84", "latitude": "24.812300", "longitude": "118.591200"}
    kind = {"name": "池店一小", "kind": "primary", "nature_id": "school_nature.public"}
    create(SYSTEM, School(org=posted.school, **kind, **located))
    client = enter(Client(), gate.safety)
    said = {"org": posted.school.pk, "scheme": "guards", "title": "九月", "first": "2026-09-11"}
    assert (
        client.post("/duty/rosters/new", said | {"last": "2026-09-13", "place": "门卫室"}).status_code == 303
    )
    roster = Roster.objects.unscoped().select_related("org").get()
    client.post(f"{roster.get_absolute_url()}act/lay_out", {"idempotency": "x"})
    assert [str(watch) for watch in watches_of(roster)] == [
        "2026-09-11 大门 早班", "2026-09-11 宿舍区 早班", "2026-09-12 宿舍区 早班", "2026-09-13 宿舍区 早班",
    ]  # fmt: skip
    lin, chen = posted.people
    for number, person in ((0, lin), (2, chen), (3, lin)):
        posted.seat(roster, number, person)
    with pytest.raises(Rejected, match="同一时间已排在2026-09-11 大门 早班"):
        posted.seat(roster, 1, lin)
    teacher = create(SYSTEM, Person(org=posted.school, name="赵老师", phone="13800000009"))
    with pytest.raises(Rejected, match="不是本校在岗保安员"):
        posted.seat(roster, 1, teacher)
    refused = client.post(f"{roster.get_absolute_url()}move/publish", {"version": _version(roster)})
    assert (refused.status_code, "值班人员还缺 1 人" in refused.content.decode()) == (422, True)
    posted.seat(roster, 1, chen)
    assert (
        client.post(f"{roster.get_absolute_url()}move/publish", {"version": _version(roster)}).status_code
        == 303
    )

    turns = {turn.person: turn for turn in Turn.objects.unscoped().filter(watch__day=FRIDAY).select_related(
        "person", "roster", "org", "watch", "account")}  # fmt: skip
    with clock.moved(at(FRIDAY, 7, 5)):
        sign_in(Actor.person(chen.account, "phone"), turns[chen], Said(clock.now(), FAR))
    with clock.moved(at(FRIDAY, 7, 16)):
        assert [alert_missed(), alert_missed()] == [1, 0]
    assert Turn.objects.unscoped().get(pk=turns[chen].pk).in_place == "away"
    assert [one.addressee.name for one in Message.objects.filter(event="duty.missed")] == ["王校长"]

    route = create(SYSTEM, Route(org=posted.school, name="全校", begins_at=time(7), ends_at=time(22)))
    create(SYSTEM, Point(org=posted.school, route=route, number=1, name="配电室"))
    with clock.moved(at(FRIDAY, 10, 1)):
        assert len(route.times()) == 5
        assert [settle_ended(), settle_ended()] == [6, 0], "five of yesterday, one of today"
        told = Message.objects.filter(event="patrols.missed", addressee=gate.safety)
        assert told.count() == 6
        safety = enter(Client(), gate.safety)
        rows = safety.get("/api/patrols/rounds/?day_from=2026-09-11&failed=1").json()["results"]
        assert [row["state"] for row in rows] == ["missed"]


def _version(roster: Roster) -> int:
    return Roster.objects.unscoped().get(pk=roster.pk).version


def test_the_gate_writes_down_who_comes_and_leaves_once(gate: Gate) -> None:
    guard = enter(Client(), a_user("guard", gate.tree.school, name="老林"))
    said = {
        "kind": "delivery",
        "name": "快递员",
        "phone": "13800000001",
        "purpose": "书本 3 箱",
        "host": "教务处",
    }
    said |= {"org": gate.tree.school.pk, "came_at": "2026-09-09T08:50"}
    assert guard.post("/guards/visits/new", said | {"phone": "12"}).status_code == 422
    assert guard.post("/guards/visits/new", said).status_code == 303
    visit = Visit.objects.unscoped().get()
    assert [row["phone"] for row in listed(gate.safety, "visits/?inside=1")] != ["13800000001"], "masked"
    url = f"{visit.get_absolute_url()}act/let_out"
    assert [guard.post(url, {"idempotency": key}).status_code for key in ("a", "a", "b")] == [303, 303, 409]
    assert listed(gate.safety, "visits/?inside=1") == []
    assert enter(Client(), gate.sister).get(visit.get_absolute_url()).status_code == 404


@pytest.fixture
def two_rosters(transactional_db: None) -> Callable[[], tuple[list[str], int]]:
    """Two officers put one guard at two posts of one time; what became of it, and how often he stands."""
    posted = Posted(Gate(), clock.today() + timedelta(days=7))
    PostShift.unguarded.update(days="every")
    rosters = [posted.roster(posted.first), posted.roster(posted.first - timedelta(days=1))]
    seats = [next(watch for watch in watches_of(roster) if watch.day == posted.first) for roster in rosters]

    def work(roster: Roster, watch: Any) -> None:
        try:
            put(posted.keeper, roster, {(watch.pk, "member"): [posted.people[0]]})
        except Rejected as refused:
            raise Conflict(str(refused)) from None

    def run() -> tuple[list[str], int]:
        ends = at_once(*[lambda r=r, w=w: work(r, w) for r, w in zip(rosters, seats, strict=True)])  # type: ignore[misc]
        return ends, Turn.objects.unscoped().filter(person=posted.people[0], archived_at=None).count()

    return run


def test_of_two_posts_at_one_time_a_guard_gets_one(two_rosters: Any) -> None:
    assert two_rosters() == (["done", "refused"], 1)


def test_without_the_judgement_he_would_get_both(two_rosters: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing_up, "clashing", lambda *_: Turn.unguarded.none())
    assert two_rosters() == (["done", "done"], 2)
