"""Lifts and a boiler of demo schools, some past their inspection, one not registered."""

from datetime import timedelta

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.domains.special_equipment.devices import Device
from anlan.domains.special_equipment.operators import Operator
from anlan.engines.audit.api import create_all
from anlan.engines.registry.api import reckoned

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
