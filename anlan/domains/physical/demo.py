"""Physical protection of the demo schools: what stands at gates and in buildings."""

from datetime import timedelta

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.domains.physical.facilities import Facility
from anlan.domains.physical.maintenance import Maintenance, MaintenancePlan
from anlan.domains.physical.traffic import TrafficFacility
from anlan.domains.physical.traffic_kinds import TrafficKind
from anlan.domains.physical.works import Work
from anlan.engines.audit.api import create, create_all
from anlan.engines.registry.api import reckoned
from anlan.engines.workflow.api import perform

SHOWN = 40
STOCK = [
    ("WF-001", "bollard", "大门外", 6),
    ("WF-002", "barrier", "接送区", 8),
    ("WF-003", "railing", "教学楼楼梯", 4),
    ("WF-004", "safe", "财务室", 1),
    ("WF-005", "locker", "门卫值班室", 1),
]
WORKS = [
    ("pond", "校内水池护栏加高", "景观水池", 2),
    ("stairs", "教学楼楼梯防滑改造", "教学楼", 5),
    ("bus", "校车停靠点改造", "校门外", 8),
    ("classroom", "教室防护窗改造", "综合楼", 12),
    ("dormitory", "宿舍疏散通道改造", "宿舍楼", 15),
    ("canteen", "食堂燃气报警改造", "食堂操作间", 6),
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
            row.bought_on, row.life_to = since, since + timedelta(days=world.rng.choice([30, 1800, 3600]))
            row.quantity = quantity + world.rng.choice([0, 0, 2])
            row.keeper = staff[0] if staff else None
            rows.append(row)
    _load_maintenance(world, create_all(LOADER, reckoned(rows)))


def _load_maintenance(world: World, rows: list[Facility]) -> None:
    """Every eighth has a plan and one record under it."""
    kept = rows[::8]
    plans = [
        MaintenancePlan(
            org=row.org,
            facility=row,
            content="紧固、除锈、补漆",
            every=6,
            first_on=row.installed_on or world.today,
        )
        for row in kept
    ]
    for number, plan in enumerate(plans):
        plan.firm = "示例机电维护有限公司" if number % 2 else ""
    create_all(LOADER, plans)
    done = [
        Maintenance(
            org=row.org, facility=row, plan=plan, day=plan.first_on, result="fine", firm=plan.firm,
            cost=world.rng.choice([120, 260, 480]),
        )
        for row, plan in zip(kept, plans, strict=True)
    ]  # fmt: skip
    create_all(LOADER, done)


@demo_step("physical.works", "安防工程", order=43)
def load_works(world: World) -> None:
    """One work of each kind at some schools; every other one is being built, one of those late."""
    for number, school in enumerate(world.schools[:12]):
        kind, title, place, cost = WORKS[number % len(WORKS)]
        day = world.today + timedelta(days=30 - 5 * number)
        row = Work(org=school.org, kind=kind, title=title, place=place, cost=cost, planned_to=day)
        row.builder = "示例建筑工程有限公司"
        row = create(LOADER, row)
        if number % 2:
            perform(LOADER, row, "begin", {"began_on": world.today - timedelta(days=20 + number)})


@demo_step("physical.traffic", "周边交通安全设施", order=44)
def load_traffic(world: World) -> None:
    """Three kinds with their departments; at some schools one of them is broken."""
    departments = (
        ("安全警示标志", "公安交管", "police"),
        ("减速带", "公安交管", "police"),
        ("隔离护栏", "城市管理", ""),
    )
    kinds = create_all(LOADER, [
        TrafficKind(org=world.units["county"], name=name, department=words, agency=world.units.get(agency))
        for name, words, agency in departments
    ])  # fmt: skip
    rows = [
        TrafficFacility(
            org=school.org, kind=kind, place=f"大门外{side}", condition=condition,
            defect="被撞断，需要更换" if condition == "broken" else "",
        )
        for number, school in enumerate(world.schools[:12])
        for kind, side in zip(kinds, ("东侧 30 米", "西侧 20 米", "人行道"), strict=True)
        for condition in (["broken"] if number % 4 == kinds.index(kind) else ["fine"])
    ]  # fmt: skip
    create_all(LOADER, rows, action="load")
