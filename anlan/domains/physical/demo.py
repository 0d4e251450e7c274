"""Physical protection of the demo schools: what stands at gates and in buildings."""

from datetime import timedelta

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.domains.physical.facilities import Facility
from anlan.engines.audit.api import create_all
from anlan.engines.registry.api import reckoned

SHOWN = 40
STOCK = [
    ("WF-001", "bollard", "大门外", 6),
    ("WF-002", "barrier", "接送区", 8),
    ("WF-003", "railing", "教学楼楼梯", 4),
    ("WF-004", "safe", "财务室", 1),
    ("WF-005", "locker", "门卫值班室", 1),
]


@demo_step("physical.facilities", "物防设施", order=42)
def load_facilities(world: World) -> None:
    """Five kinds at each of some schools; those not looked at for a quarter of a year are overdue."""
    rows = []
    for school in world.schools[:SHOWN]:
        staff = world.staff.get(school.org_id, [])
        for code, kind, place, quantity in STOCK:
            since = world.today - timedelta(days=world.rng.choice([20, 40, 60, 80, 200]))
            row = Facility(org=school.org, code=code, kind=kind, place=place, installed_on=since)
            row.quantity = quantity + world.rng.choice([0, 0, 2])
            row.keeper = staff[0] if staff else None
            rows.append(row)
    create_all(LOADER, reckoned(rows))
