"""Buses of demo schools with their papers."""

from datetime import timedelta

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.domains.school_buses.buses import Bus
from anlan.domains.school_buses.papers import Paper
from anlan.engines.audit.api import create_all
from anlan.engines.registry.api import reckoned


@demo_step("school_buses.ledgers", "校车", order=40)
def load_buses(world: World) -> None:
    """One bus with a plate permit for each of some schools with buses."""
    owners = [school for school in world.schools if school.has_bus][:20]
    buses = []
    for number, school in enumerate(owners):
        since = world.today - timedelta(days=world.rng.randint(60, 230))
        staff = world.staff.get(school.org_id, [])
        bus = Bus(
            org=school.org, plate=f"闽C{10000 + number}", seats=36, registered_on=since, route="镇区环线"
        )
        bus.driver = staff[0] if staff else None
        buses.append(bus)
    stored = create_all(LOADER, reckoned(buses))
    papers = []
    for bus in stored:
        ends = world.today + timedelta(days=world.rng.randint(-30, 360))
        said = {"issued_on": ends - timedelta(days=365), "valid_to": ends, "issuer": "县公安局交警大队"}
        papers.append(Paper(org=bus.org, bus=bus, kind="校车标牌", number=f"XC{bus.pk:05d}", **said))
    create_all(LOADER, papers)
