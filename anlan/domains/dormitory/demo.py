"""Dormitories of boarding schools of the demo county; pupils and guardians are invented and say so."""

from datetime import datetime, time, timedelta
from itertools import islice
from typing import Any

from anlan.base.demo.names import person_name
from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.base.people import Person
from anlan.base.schools import School
from anlan.domains.dormitory.boarders import Boarder, HealthRemark
from anlan.domains.dormitory.buildings import Bed, Building, Room
from anlan.domains.dormitory.checks import RoomCheck
from anlan.domains.dormitory.keepers import Keeper, Night
from anlan.domains.dormitory.leaves import Leave, Visit
from anlan.domains.dormitory.roll_calls import Absence, RollCall
from anlan.domains.dormitory.rules import DEFAULTS
from anlan.domains.dormitory.stays import Stay
from anlan.engines.audit.api import create_all
from anlan.kernel import clock

SCHOOLS, FLOORS, ROOMS, SIZE, CLASSES = 12, 3, 4, 6, 6
WOMAN = "2"


@demo_step("dormitory.houses", "宿舍楼和住宿学生", order=41)
def load_houses(world: World) -> None:
    """Two buildings at some boarding schools, nearly full, with a keeper each."""
    schools = list(islice((school for school in world.schools if school.boarders), SCHOOLS))
    buildings = [row for school in schools for row in _buildings(school)]
    create_all(LOADER, buildings, action="load")
    rooms = [row for building in buildings for row in _rooms(building)]
    create_all(LOADER, rooms, action="load")
    beds = [Bed(org=room.org, room=room, number=number + 1) for room in rooms for number in range(room.size)]
    create_all(LOADER, beds, action="load")
    taken = [bed for bed in beds if world.rng.random() < 0.8]
    boarders = [_boarder(world, bed, number) for number, bed in enumerate(taken)]
    create_all(LOADER, boarders, action="load")
    since = (
        world.today.replace(month=9, day=1) if world.today.month >= 9 else world.today - timedelta(days=60)
    )
    stays = [
        Stay(org=bed.org, boarder=boarder, bed=bed, starts_on=since)
        for bed, boarder in zip(taken, boarders, strict=True)
    ]
    create_all(LOADER, stays, action="load")
    remarks = [
        HealthRemark(org=row.org, boarder=row, remark="花粉过敏（演示数据）") for row in boarders[::40]
    ]
    create_all(LOADER, remarks, action="load")
    checks = [
        RoomCheck(
            org=room.org, building=room.building, room=room, day=world.today - timedelta(days=number % 11)
        )
        for number, room in enumerate(rooms)
    ]
    create_all(LOADER, checks, action="load")
    _load_nights(world, buildings, stays)


def _buildings(school: School) -> list[Building]:
    return [
        Building(org=school.org, name="1 号楼", sex="male", facilities="每层盥洗间、烟感", office="一层东侧"),
        Building(
            org=school.org, name="2 号楼", sex="female", facilities="独立卫生间、烟感", office="一层西侧"
        ),
    ]


def _rooms(building: Building) -> list[Room]:
    return [
        Room(
            org=building.org, building=building, floor=floor, number=f"{floor}{number:02d}", size=SIZE,
            sex=building.sex, facilities="空调、风扇",
        )
        for floor in range(1, FLOORS + 1)
        for number in range(1, ROOMS + 1)
    ]  # fmt: skip


def _boarder(world: World, bed: Bed, number: int) -> Boarder:
    staff = world.staff.get(bed.org_id, [])
    teacher = next((person for person in staff if person.duty == "教师"), None)
    return Boarder(
        org=bed.org, name=person_name(world.rng)[0], code=f"演示{number:05d}", sex=bed.room.sex,
        class_name=f"七年级{number % CLASSES + 1}班", teacher=teacher, guardian=person_name(world.rng)[0],
        guardian_phone=f"1380001{number:04d}", joined_on=world.today - timedelta(days=80), kin="mother",
        consented_on=world.today - timedelta(days=90),
    )  # fmt: skip


def _load_nights(world: World, buildings: list[Building], stays: list[Stay]) -> None:
    """Keepers and a week of nights; the last building of every fourth school has a gap tonight."""
    people = [person for building in buildings for person in _keeper(world, building)]
    create_all(LOADER, people, action="load")
    keepers = [_checked(world, person, number) for number, person in enumerate(people)]
    create_all(LOADER, keepers, action="load")
    nights = [
        Night(org=building.org, building=building, night=world.today + timedelta(days=day), keeper=keeper)
        for number, (building, keeper) in enumerate(zip(buildings, keepers, strict=True))
        for day in range(-7, 7)
        if not (number % 8 == 7 and day == 0)
    ]
    heads = {unit: staff[0] for unit, staff in world.staff.items() if staff}
    for night in nights:
        night.leader = heads.get(night.org_id)
    create_all(LOADER, nights, action="load")
    by_building: dict[int, list[Stay]] = {}
    for stay in stays:
        by_building.setdefault(stay.bed.room.building_id, []).append(stay)
    calls = [row for building in buildings for row in _calls(world, building, len(by_building[building.pk]))]
    create_all(LOADER, calls, action="load")
    create_all(
        LOADER, [_absence(call, by_building[call.building_id]) for call in calls if call.leave], action="load"
    )
    create_all(LOADER, [_leave(world, rows[0]) for rows in by_building.values()], action="load")
    create_all(LOADER, [_visit(building) for building in buildings[:6]], action="load")


def _keeper(world: World, building: Building) -> list[Person]:
    name, _ = person_name(world.rng)
    sex = WOMAN if building.sex == "female" else "1"
    person = Person(org=building.org, name=name, sex_id=f"sex.{sex}", duty="宿管员")
    person.kind_id = "person_kind.dorm"
    person.prepare()
    return [person]


def _checked(world: World, person: Person, number: int) -> Keeper:
    said: dict[str, Any] = (
        {"background": "clear", "checked_on": world.today - timedelta(days=100)} if number % 9 else {}
    )
    if number % 7:
        until = world.today + timedelta(days=20 + number * 37 % 330)
        said |= {
            "health_number": f"SG-{number:04d}",
            "health_on": until - timedelta(days=365),
            "health_until": until,
        }
    return Keeper(org=person.org, person=person, training="岗前培训 8 学时", **said)


def _calls(world: World, building: Building, people: int) -> list[RollCall]:
    rows = []
    for back in range(7, 0, -1):
        night = world.today - timedelta(days=back)
        if night.isoweekday() in (5, 6):
            continue
        due = DEFAULTS.call_due(night)
        leave = 1 if world.rng.random() < 0.3 else 0
        taken = due - timedelta(minutes=world.rng.randint(3, 25))
        row = RollCall(org=building.org, building=building, night=night, due_at=due, taken_at=taken)
        row.present, row.leave = people - leave, leave
        rows.append(row)
    return rows


def _absence(call: RollCall, stays: list[Stay]) -> Absence:
    stay = stays[call.night.day % len(stays)]
    return Absence(
        org=call.org, roll_call=call, boarder=stay.boarder, kind="leave", place=str(stay.bed),
        at=call.taken_at or call.due_at, note="请假回家",
    )  # fmt: skip


def _leave(world: World, stay: Stay) -> Leave:
    start = datetime.combine(world.today - timedelta(days=1), time(16), clock.zone())
    return Leave(
        org=stay.org, boarder=stay.boarder, reason="回家（演示）", consent="call", starts_at=start,
        back_by=start + timedelta(days=2),
    )  # fmt: skip


def _visit(building: Building) -> Visit:
    day = clock.today() - timedelta(days=2)
    came = datetime.combine(day, time(17, 20), clock.zone())
    return Visit(
        org=building.org, building=building, visitor="演示家长", reason="送衣物", came_at=came,
        leave_by=DEFAULTS.visitors_leave(day), left_at=came + timedelta(minutes=25),
    )  # fmt: skip
