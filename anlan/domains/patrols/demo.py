"""Patrol routes of the schools people of the demo county sign in to, with a week of stamps."""

from datetime import datetime, time, timedelta

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.domains.patrols.rounds import settle, slots
from anlan.domains.patrols.routes import Point, Route, Stamp
from anlan.engines.audit.api import create, create_all
from anlan.engines.identity.api import User
from anlan.kernel import clock

DOUBTFUL = Stamp.Standing.DOUBTFUL
POINTS = ["学校大门", "教学楼一层", "配电室", "食堂后门", "操场看台"]


@demo_step("patrols.routes", "巡查路线与打卡", order=30)
def load_routes(world: World) -> None:
    """An evening walk at each of the three schools."""
    for name in ("school", "primary", "kinder"):
        guard = world.accounts[f"{name}-guard"]
        said = {
            "begins_at": time(17, 30),
            "ends_at": time(21),
            "daily": 1,
            "least_minutes": 1,
            "ordered": name == "school",
        }
        route = create(LOADER, Route(org=guard.unit, name="晚间巡查", **said))
        route.walkers.set([guard])
        points = [
            Point(org=guard.unit, route=route, number=number, name=words, latitude=24.8, longitude=118.6)
            for number, words in enumerate(POINTS, 1)
        ]
        create_all(LOADER, points)
        create_all(LOADER, [row for back in range(1, 8) for row in _day(world, route, points, guard, back)])
        for back in range(1, 8):
            settle(LOADER, route, slots(route, world.today - timedelta(days=back))[0])


def _day(world: World, route: Route, points: list[Point], guard: User, back: int) -> list[Stamp]:
    day, rows = world.today - timedelta(days=back), []
    for number, point in enumerate(points):
        if world.rng.random() < 0.07:
            continue
        at = datetime.combine(day, time(20, 10), clock.zone()) + timedelta(
            minutes=number * world.rng.randint(4, 14)
        )
        away = world.rng.random() < 0.05
        metres = world.rng.randint(200, 900) if away else world.rng.randint(2, 40)
        place = Stamp.Place.AWAY if away else Stamp.Place.NEAR
        rows.append(
            Stamp(
                org=route.org, route=route, point=point, person=guard, day=day, at=at, place=place, metres=metres,
                late=at > slots(route, day)[0].ends_at, standing=DOUBTFUL if away else "counted",
                doubt=f"离点位 {metres} 米" if away else "", created_at=at + timedelta(seconds=20),
            )
        )  # fmt: skip
    return rows
