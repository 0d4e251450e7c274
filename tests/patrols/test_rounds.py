"""Rounds of a route: planned, walked by phone or reader, found missed, late, too quick or doubtful (N1.19)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from anlan.base.device_signals import KnownDevice, Signal, signal_kinds
from anlan.domains.patrols.rounds import Round, settle_ended
from anlan.domains.patrols.routes import Point, Route, Stamp
from anlan.domains.patrols.stamping import Said, judge, stamp
from anlan.engines.audit.api import SYSTEM, Actor, create
from anlan.engines.messaging.api import Message
from anlan.kernel import clock
from anlan.kernel.errors import Forbidden, Rejected
from tests.factories import a_tree, a_user, sign_in

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 9)
HERE, FAR = (24.8001, 118.6001), (24.8012, 118.6)


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    return datetime.combine(day, time(hour, minute), clock.zone())


class Beat:
    """Four rounds a day of three points, 60 minutes each, a guard with a phone; laid down at six."""

    def __init__(self) -> None:
        self.tree = a_tree()
        self.keeper = a_user("school_safety", self.tree.school, name="何老师")
        self.guard = a_user("guard", self.tree.school, name="老林")
        hours = {"begins_at": time(7), "ends_at": time(22), "starts": "07:00 10:00 14:00 20:00"}
        self.route = create(
            SYSTEM, Route(org=self.tree.school, name="全校", limit_minutes=60, least_minutes=2, **hours)
        )
        self.route.walkers.set([self.guard])
        place = {"latitude": 24.8, "longitude": 118.6}
        self.points = [
            create(SYSTEM, Point(org=self.tree.school, route=self.route, number=number, name=name, **place))
            for number, name in enumerate(("大门", "配电室", "操场"), 1)
        ]

    @contextmanager
    def walking(self, hour: int, minute: int = 0) -> Iterator[None]:
        with clock.moved(at(hour, minute)):
            yield

    def stamp(self, number: int, hour: int, minute: int, here: Any = HERE, late: int = 0) -> Stamp:
        """A label scanned, handed in ``late`` minutes later."""
        point = self.points[number]
        with clock.moved(at(hour, minute) + timedelta(minutes=late)):
            said = Said(uuid4(), at(hour, minute), point.token, here)
            return stamp(Actor.person(self.guard, "phone"), point.pk, said)

    def rounds(self, query: str = "") -> list[tuple[str, str]]:
        """What the list says of each round, with the points lacking."""
        rows = sign_in(Client(), self.keeper).get(f"/api/patrols/rounds/{query}").json()["results"]
        return [(row["state"], row["skipped"]) for row in reversed(rows)]


@pytest.fixture
def beat(db: None) -> Iterator[Beat]:
    with clock.moved(at(6)):
        yield Beat()


@pytest.mark.requirement("N1.19")
def test_rounds_name_what_was_skipped_and_no_doubtful_check_in_counts(beat: Beat) -> None:
    for number, minute in enumerate((5, 9, 13)):
        beat.stamp(number, 7, minute)
    beat.stamp(0, 10, 5)
    beat.stamp(2, 10, 10)
    with pytest.raises(Rejected, match="不是“大门”的标签"):
        stamp(Actor.person(beat.guard, "phone"), beat.points[0].pk, Said(uuid4(), at(10), "falsch", HERE))
    copied = beat.stamp(0, 14, 5, FAR)
    dated = beat.stamp(1, 14, 9, late=61)
    assert (copied.metres, copied.standing, dated.standing) == (133, "doubtful", "doubtful")
    assert (copied.doubt, dated.doubt) == ("离点位 133 米", "打卡后 61 分钟才传到")
    beat.stamp(2, 14, 20)
    for number, minute in enumerate((30, 31, 40)):
        beat.stamp(number, 21, minute)
    with clock.moved(at(23)):
        assert settle_ended() == 2
        assert settle_ended() == 0, "told once"
        assert beat.rounds() == [
            ("done", ""),
            ("incomplete", "配电室"),
            ("incomplete", "大门、配电室"),
            ("done", ""),
        ]
        assert beat.rounds("?late=1") == beat.rounds("?quick=1") == [("done", "")]
        assert {one.addressee.name for one in Message.objects.filter(event="patrols.missed")} == {"何老师"}
        page = sign_in(Client(), beat.keeper).get(f"/patrols/routes/{beat.route.pk}/").content.decode()
        assert page.count("存疑") == 2
        assert "漏掉 大门、配电室" in page
        url, said = f"{copied.get_absolute_url()}act/judge", {"accepted": "yes", "note": "监控可见"}
        with pytest.raises(Forbidden, match="自己的打卡要由别人核实"):
            judge(Actor.person(copied.person), copied, True, "我在")
        assert sign_in(Client(), beat.guard).post(url, said).status_code == 403
        client = sign_in(Client(), beat.keeper)
        assert client.post(url, {"accepted": "yes"}).status_code == 422
        assert client.post(url, said).status_code == 303
        client.post(f"{dated.get_absolute_url()}act/judge", {"accepted": "no", "note": "监控没有人"})
        assert beat.rounds("?failed=1")[1] == ("incomplete", "配电室")
    with clock.moved(at(8, 1, DAY + timedelta(days=1))):
        assert settle_ended() == 1
        assert beat.rounds("?failed=1")[-1] == ("missed", "大门、配电室、操场")
    assert Round.objects.unscoped().count() == 5


def test_a_reader_hands_in_under_the_same_rules(beat: Beat) -> None:
    def hand_in(when: datetime, **data: Any) -> None:
        device = KnownDevice(beat.route, "XG-1", "巡查棒", "patrol", "", "", True)
        signal_kinds["patrol"].take(Signal(SYSTEM, device, when, data, uuid4().hex))

    with clock.moved(at(7, 30)):
        hand_in(at(7, 10), tag=beat.points[0].token)
        hand_in(at(7, 12), tag=beat.points[1].token, walker=beat.guard.username)
        hand_in(at(6, 20), tag=beat.points[2].token)
        for data, words in (
            ({"tag": "x"}, "标签码"),
            ({"tag": beat.points[0].token, "walker": "wer"}, "哪位"),
        ):
            with pytest.raises(Rejected, match=words):
                hand_in(at(7, 20), **data)
    found = Stamp.objects.unscoped().order_by("pk")
    assert [(one.way, one.standing, one.person) for one in found] == [
        ("reader", "counted", beat.guard), ("reader", "counted", beat.guard), ("reader", "doubtful", beat.guard),
    ]  # fmt: skip


def test_a_route_of_school_days_asks_for_no_round_on_sunday(beat: Beat, client: Client) -> None:
    Route.unguarded.update(school_days=True)
    with clock.moved(at(23, 30, date(2026, 9, 13))):
        assert settle_ended() == 0
        [route] = sign_in(client, beat.guard).get("/safety/field/tasks.json").json()["brought"]["stamp"]
        assert route["rounds"] == []
    route = Route(org=beat.tree.school, name="x", begins_at=time(8), ends_at=time(18))
    assert [f"{one:%H:%M}" for one in route.times()] == ["08:00", "10:00", "12:00", "14:00", "16:00"]
    values = {"name": "夜巡", "begins_at": "18:00", "ends_at": "22:00", "daily": 2, "starts": "19:00 18:30"}
    values |= {"least_minutes": 1}
    keeper = sign_in(client, beat.keeper)
    answer = keeper.post("/patrols/routes/new", values | {"org": beat.tree.school.pk, "trusted_minutes": 60})
    assert answer.status_code == 422
    assert "各轮要从早到晚" in answer.content.decode()
