"""Walking a route with the phone: by label, with position, in order, later without doubling (S08.2)."""

import json
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from anlan.domains.patrols.rounds import rounds_on
from anlan.domains.patrols.routes import Point, Route, Stamp
from anlan.engines.audit.api import Actor, create
from anlan.kernel import clock
from tests.factories import Tree, a_tree, a_user, sign_in

pytestmark = pytest.mark.django_db
HERE = {"lat": 24.8001, "lng": 118.6001}
FAR = {"lat": 24.81, "lng": 118.61}


class Walk:
    """A route of three points, its guard, and the school's officer."""

    def __init__(self, tree: Tree, *, ordered: bool = False) -> None:
        self.tree = tree
        self.keeper = Actor.person(a_user("school_safety", tree.school), "web")
        self.guard = Actor.person(a_user("guard", tree.school), "web")
        said = {"begins_at": time(8), "ends_at": time(22), "daily": 1, "ordered": ordered}
        said["trusted_minutes"] = 4320  # a school without a network
        self.route = create(self.keeper, Route(org=tree.school, name="晚间巡查", **said))
        self.route.walkers.set([self.guard.user])
        self.points = [
            create(
                self.keeper,
                Point(
                    org=tree.school,
                    route=self.route,
                    number=number,
                    name=name,
                    latitude=24.8,
                    longitude=118.6,
                ),
            )
            for number, name in enumerate(("大门", "配电室", "操场"), 1)
        ]

    def send(self, point: Point, who: Any = None, **said: Any) -> Any:
        """What the phone sends."""
        values = {"code": point.token, "at": self.at(20).isoformat(), **HERE} | said
        body = {"uid": values.pop("uid", str(uuid4())), "kind": "stamp", "pk": point.pk, "values": values}
        client = sign_in(Client(), (who or self.guard).user)
        return client.post("/safety/field/outbox", json.dumps(body), "application/json")

    def stamp(self, answer: Any) -> Stamp:
        """What was made of what was sent."""
        assert answer.status_code == 200, answer.content.decode()
        found = [row for row in Stamp.unguarded.all() if row.get_absolute_url() == answer.json()["url"]]
        return found[0]

    @staticmethod
    def at(hour: int, minute: int = 0) -> datetime:
        """A moment of yesterday."""
        day = clock.today() - timedelta(days=1)
        return datetime.combine(day, time(hour, minute), clock.zone())


def test_a_copied_label_is_marked_by_the_position() -> None:
    walk = Walk(a_tree())
    assert walk.stamp(walk.send(walk.points[0])).place == "near"
    assert walk.stamp(walk.send(walk.points[1], **FAR)).place == "away"
    assert walk.stamp(walk.send(walk.points[2], lat=None, lng=None)).place == "unknown"
    listed = sign_in(Client(), walk.keeper.user).get("/patrols/stamps/?place=away").content.decode()
    assert "配电室" in listed
    assert "大门" not in listed.split("<tbody>")[1]


def test_without_a_label_the_position_must_be_that_of_the_point() -> None:
    walk = Walk(a_tree())
    here = walk.stamp(walk.send(walk.points[0], code=""))
    assert (here.way, here.place, here.metres) == ("position", "near", 15)
    for said, words in (
        ({**FAR}, "米，请走近再打，或扫标签"),
        ({"lat": None, "lng": None}, "没有定位，请扫标签打卡"),
    ):
        refused = walk.send(walk.points[1], code="", **said)
        assert (refused.status_code, words in refused.json()["fields"]["point"][0]) == (422, True)
    foreign = walk.send(walk.points[1], code=walk.points[2].token)
    assert (foreign.status_code, foreign.json()["fields"]) == (422, {"point": ["这不是“配电室”的标签"]})
    assert Stamp.unguarded.count() == 1


@pytest.mark.parametrize("ordered", [True, False])
def test_order_is_kept_where_the_route_asks_for_it(ordered: bool) -> None:
    walk = Walk(a_tree(), ordered=ordered)
    skipped = walk.send(walk.points[1])
    assert skipped.status_code == (422 if ordered else 200)
    if ordered:
        assert skipped.json()["fields"] == {"point": ["要按顺序打卡，请先到“大门”"]}
    assert walk.send(walk.points[0], at=walk.at(20, 1).isoformat()).status_code == 200
    assert walk.send(walk.points[1], at=walk.at(20, 5).isoformat()).status_code == 200


def test_what_was_kept_without_network_comes_later_once_with_its_true_time() -> None:
    walk = Walk(a_tree())
    uid, at = str(uuid4()), walk.at(20, 30)
    for _ in range(3):
        assert walk.send(walk.points[0], uid=uid, at=at.isoformat()).status_code == 200
    stamp = Stamp.unguarded.get()
    assert (stamp.at, stamp.day, stamp.late) == (at, at.date(), False)
    assert stamp.created_at > at + timedelta(hours=1)
    walk.send(walk.points[1], at=walk.at(22, 1).isoformat())
    [(_, walked)] = rounds_on(walk.route, at.date())
    assert [row["state"] for row in walked.rows] == ["done", "late", "missed"]


def test_bad_stamps_store_nothing() -> None:
    walk = Walk(a_tree())
    stranger = Actor.person(a_user("guard", walk.tree.sister_school), "web")
    bureau = Actor.person(a_user("bureau_viewer", walk.tree.county), "web")
    assert walk.send(walk.points[0], who=stranger).status_code == 404
    assert walk.send(walk.points[0], who=bureau).status_code == 403
    assert walk.send(walk.points[0], code="falsch").status_code == 422
    assert walk.send(walk.points[0], uid="x").status_code == 422
    assert walk.send(walk.points[0], fine=False).status_code == 422
    assert not Stamp.unguarded.exists()


def test_labels_and_the_days_standing_are_on_the_pages() -> None:
    walk = Walk(a_tree())
    keeper, guard = sign_in(Client(), walk.keeper.user), sign_in(Client(), walk.guard.user)
    paper = keeper.get(f"/patrols/routes/{walk.route.pk}/labels.pdf")
    assert (paper.status_code, paper.content[:4]) == (200, b"%PDF")
    assert guard.get(f"/patrols/routes/{walk.route.pk}/labels.pdf").status_code == 403
    walk.send(walk.points[0])
    [route] = guard.get("/safety/field/tasks.json").json()["brought"]["stamp"]
    assert [point["name"] for point in route["points"]] == ["大门", "配电室", "操场"]
    assert walk.points[1].token not in json.dumps(route), "a label's code stays on the label"
    page = keeper.get(walk.route.get_absolute_url()).content.decode()
    assert all(words in page for words in ("大门", "配电室", "打印标签"))
    yesterday = clock.today() - timedelta(days=1)
    before = keeper.get(f"{walk.route.get_absolute_url()}?day={yesterday}").content.decode()
    assert (before.count("漏打"), before.count("已打卡")) == (2, 1)
