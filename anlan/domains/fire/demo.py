"""Fire safety of the demo schools: some things past their dates, some near, one without anybody."""

from datetime import date, datetime, timedelta

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.base.models import SpotCheck
from anlan.base.people import Person
from anlan.domains.fire.contracts import Contract
from anlan.domains.fire.devices import Device
from anlan.domains.fire.duties import Duty
from anlan.domains.fire.key_places import KeyPlace
from anlan.domains.fire.points import Point, points_of
from anlan.domains.fire.rounds import DAY, DONE, MISSED, Round, Walk, walker_of
from anlan.domains.fire.systems import System
from anlan.domains.fire.walking import begin_walks
from anlan.engines.audit.api import create, create_all
from anlan.engines.org.api import OrgUnit, Record
from anlan.engines.registry.api import ledgers, reckoned

PLACES = ["教学楼一层东", "教学楼二层西", "食堂操作间", "宿舍楼一层", "实验楼走廊"]
SHOWN = 40


@demo_step("fire.ledgers", "消防台账", order=40)
def load_fire(world: World) -> None:
    """Five devices, a contract, a system, a place and a duty for each of some schools."""
    devices: list[Device] = []
    others: list[Record] = []
    for school in world.schools[:SHOWN]:
        staff = world.staff.get(school.org_id, [])
        for number, place in enumerate(PLACES, 1):
            made = world.today - timedelta(days=world.rng.randint(300, 3900))
            kind = world.rng.choice(["powder", "powder", "water", "co2", "light"])
            device = Device(org=school.org, code=f"MH-{number:03d}", kind=kind, place=place, made_on=made)
            device.building = place[:3]
            device.keeper = staff[0] if staff else None
            devices.append(device)
        others.append(_contract(world, school.org))
        others.append(System(org=school.org, building="教学楼", accepted_on=_back(world, 200, 500)))
        others.append(
            KeyPlace(org=school.org, name="厨房", kind="厨房", keeper=world.rng.choice([*staff[:2], None]))
        )
        if staff:
            others.append(_duty(world, school.org, staff[0], len(others)))
    create_all(LOADER, reckoned(devices))
    for model in (Contract, System, KeyPlace, Duty):
        create_all(LOADER, reckoned([row for row in others if isinstance(row, model)]))


WALKED, DAYS = 6, 5


@demo_step("fire.rounds", "消防巡查", order=45)
def load_rounds(world: World) -> None:
    """Patrols of some schools with the last days' checks, a point left out now and then."""
    for school in world.schools[:WALKED]:
        staff = world.staff.get(school.org_id)
        if staff:
            plan = create(LOADER, Round(org=school.org, name="日间防火巡查", kind=DAY, walker=staff[0]))
            plan.places.set(KeyPlace.unguarded.filter(org=school.org, archived_at=None))
            plan.devices.set(Device.unguarded.filter(org=school.org, archived_at=None))
            _walked(world, plan)
    begin_walks()


def _walked(world: World, plan: Round) -> None:
    for back in range(DAYS, 0, -1):
        day = world.today - timedelta(days=back)
        begin, end = plan.span(day)
        walk = Walk(org=plan.org, round=plan, kind=plan.kind, day=day, begins_at=begin, ends_at=end)
        walk.person, walk.account = walker_of(plan)
        points = points_of(walk)
        seen = points[1:] if world.rng.random() < 0.2 else points
        walk.points, walk.seen = len(points), len(seen)
        walk.result = DONE if seen == points else MISSED
        create_all(
            LOADER,
            [_seen(world, point, begin + timedelta(minutes=20 + 3 * n)) for n, point in enumerate(seen)],
        )
        create_all(LOADER, [walk])


def _seen(world: World, point: Point, minute: datetime) -> SpotCheck:
    subject = ledgers[point.ledger].looked_as  # type: ignore[attr-defined]
    said = {"subject": subject, "minute": minute, "next_by": minute.date() + timedelta(days=1)}
    thing = f"{ledgers[point.ledger].title} {point.thing}"
    check = SpotCheck(org=point.thing.org, ledger=point.ledger, object_id=point.thing.pk, thing=thing, **said)
    check.scanned = world.rng.random() < 0.9
    return check


def _back(world: World, least: int, most: int) -> date:
    return world.today - timedelta(days=world.rng.randint(least, most))


def _contract(world: World, org: OrgUnit) -> Contract:
    start = _back(world, 60, 400)
    return Contract(
        org=org, firm="安泰消防技术服务公司", starts_on=start, ends_on=start + timedelta(days=365)
    )


def _duty(world: World, org: OrgUnit, person: Person, number: int) -> Duty:
    ends = world.today + timedelta(days=world.rng.randint(-60, 900))
    said = {"issued_on": ends - timedelta(days=1095), "valid_to": ends, "issuer": "县消防救援大队"}
    return Duty(org=org, person=person, duty="消防安全管理人", number=f"XF{number:05d}", **said)
