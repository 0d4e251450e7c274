"""Lifts and a boiler of demo schools, some past their inspection, one not registered."""

from datetime import timedelta

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.base.looking import Said, look
from anlan.domains.special_equipment.devices import CODE, Device
from anlan.domains.special_equipment.firms import Firm
from anlan.domains.special_equipment.maintenance import Visit
from anlan.domains.special_equipment.mishaps import TRAPPED, Mishap
from anlan.domains.special_equipment.operators import Operator
from anlan.domains.special_equipment.rhythm import settle
from anlan.engines.audit.api import create, create_all
from anlan.engines.registry.api import ledgers, reckoned
from anlan.kernel import clock

SHOWN = 30


@demo_step("special_equipment.ledgers", "特种设备", order=40)
def load_special_equipment(world: World) -> None:
    """A lift for each of some schools, a boiler for a third of them, and who runs them."""
    devices, operators = [], []
    for number, school in enumerate(world.schools[:SHOWN]):
        since = world.today - timedelta(days=world.rng.randint(120, 420))
        lift = Device(
            org=school.org, code=f"3110350582{number:04d}", kind="lift", place="综合楼", installed_on=since
        )
        lift.certificate = "" if number % 9 == 0 else f"梯11闽C{number:05d}"
        devices.append(lift)
        if number % 3 == 0:
            code = f"1120350582{number:04d}"
            boiler = Device(org=school.org, code=code, kind="boiler", place="锅炉房", installed_on=since)
            devices.append(boiler)
        staff = world.staff.get(school.org_id)
        if staff:
            ends = world.today + timedelta(days=world.rng.randint(-40, 700))
            said = {"number": f"TS{number:05d}", "valid_to": ends, "issued_on": ends - timedelta(days=1460)}
            operators.append(Operator(org=school.org, person=staff[0], items="A", **said))
    create_all(LOADER, reckoned(devices))
    create_all(LOADER, operators)
    _maintain(world, [device for device in devices if device.kind == "lift"])
    device = devices[0]
    said = {"happened_at": clock.now() - timedelta(days=9), "course": "电梯停在二层与三层之间", "people": 2}
    ended = {"outcome": "20 分钟后救出，无人受伤，已更换门机", "settled_at": clock.now() - timedelta(days=8)}
    create(LOADER, Mishap(org=device.org, device=device, kind=TRAPPED, **said, **ended))


def _maintain(world: World, lifts: list[Device]) -> None:
    """A firm for each school, a confirmed visit to most lifts, a check today of half of them."""
    firms, visits, checks = [], [], []
    for number, lift in enumerate(lifts):
        firm = Firm(org=lift.org, name="顺达电梯工程公司", number=f"TS3335{number:03d}")
        firm.valid_to = world.today + timedelta(days=300)
        firms.append(firm)
    create_all(LOADER, firms)
    for number, (lift, firm) in enumerate(zip(lifts, firms, strict=True)):
        if number % 6:
            day = world.today - timedelta(days=world.rng.randint(1, 18))
            visit = Visit(org=lift.org, device=lift, firm=firm, day=day, worker="李师傅", items="半月保养")
            visit.confirmed_at = clock.now()
            visits.append(visit)
        if number % 2:
            checks.append(lift)
    create_all(LOADER, visits)
    for lift in lifts:
        settle(lift)
    for lift in checks:
        look(LOADER, ledgers[CODE], lift, Said(at=clock.now() - timedelta(minutes=5), scanned=True))
