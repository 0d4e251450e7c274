"""Canteens of the demo county: papers in order at most, run out at some; workers, and the checks of the last days."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from anlan.base.demo.names import person_name
from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.base.schools import School
from anlan.domains.canteen.canteens import Canteen
from anlan.domains.canteen.licences import Licence
from anlan.domains.canteen.papers import Company, Contract
from anlan.domains.canteen.workers import POSTS, MorningCheck, Worker
from anlan.engines.audit.api import create_all
from anlan.kernel import clock
from anlan.kernel.identifiers import credit_check, organisation_check

SHOWN = ("school", "primary", "kinder")
COMPANIES = [
    ("澜江县和味餐饮管理有限公司（演示）", "catering", 400),
    ("澜江县绿源农副产品有限公司（演示）", "supply", 90),
    ("澜江县鲜达肉类配送有限公司（演示）", "supply", -12),
    ("澜江县洁美环保有限公司（演示）", "waste", 210),
]


def credit_code(number: int) -> str:
    """An invented credit code with right check characters."""
    stem = f"91350500MA{number:06d}"
    code = stem + organisation_check(stem[8:16])
    return code + credit_check(code)


@demo_step("canteen.canteens", "食堂档案", order=36)
def load_canteens(world: World) -> None:
    """A canteen at every school that has one, two at the largest."""
    rows = [row for school in world.schools if school.has_canteen for row in _canteens(world, school)]
    create_all(LOADER, rows, action="load")
    county = world.units["county"]
    companies = [
        Company(
            org=county, name=name, service=service, credit_code=credit_code(number), contact="陈经理",
            phone=f"1390000{number:04d}", licence_number=f"JY1350500{number:05d}",
            licence_until=world.today + timedelta(days=days),
        )
        for number, (name, service, days) in enumerate(COMPANIES, 1)
    ]  # fmt: skip
    create_all(LOADER, companies, action="load")
    create_all(LOADER, [row for canteen in rows for row in _licence(world, canteen)], action="load")
    served = [row for number, row in enumerate(rows) if row.mode != "own" or not number % 9]
    create_all(LOADER, [_contract(world, row, companies) for row in served], action="load")
    workers = [row for canteen in rows for row in _workers(world, canteen)]
    create_all(LOADER, workers, action="load")


def _canteens(world: World, school: School) -> list[Canteen]:
    rng, people = world.rng, world.staff.get(school.org_id, [])
    manager = next((person.account for person in people if person.duty == "食堂管理员"), None)
    names = ["第一食堂", "第二食堂"] if school.pupils > 2500 else ["食堂"]
    small = school.kind == "kindergarten"
    return [
        Canteen(
            org=school.org, school=school, name=name, code=f"ST{school.pk:05d}{number}", place="教学区南侧",
            mode=rng.choice(["own", "own", "own", "contract", "delivered"]), manager=manager,
            breakfast=bool(school.boarders) or small, lunch=True, dinner=bool(school.boarders),
            weekend=bool(school.boarders) and number == 1, diners=school.pupils * 7 // 10 // len(names),
            seats=school.pupils * 4 // 10 // len(names), area=Decimal(max(80, school.pupils // 3)),
            zones="粗加工 切配 烹饪 备餐 洗消",
        )
        for number, name in enumerate(names, 1)
    ]  # fmt: skip


def _licence(world: World, canteen: Canteen) -> list[Licence]:
    chance = world.rng.random()
    if chance < 0.03:
        return []
    left = -20 if chance < 0.06 else (18 if chance < 0.12 else world.rng.randint(60, 1700))
    until = world.today + timedelta(days=left)
    return [
        Licence(
            org=canteen.org, canteen=canteen, number=f"JY335058{canteen.pk:07d}", name=canteen.org.name,
            items="热食类食品制售", issuer="澜江县市场监督管理局（演示）",
            issued_on=until - timedelta(days=1826), valid_to=until,
        )
    ]  # fmt: skip


def _contract(world: World, canteen: Canteen, companies: list[Company]) -> Contract:
    company = companies[0] if canteen.mode != "own" else world.rng.choice(companies[1:])
    ends = world.today + timedelta(days=world.rng.choice([-8, 25, 220, 220, 220, 500]))
    return Contract(
        org=canteen.org, canteen=canteen, company=company, starts_on=ends - timedelta(days=364), ends_on=ends,
        exclusive=company.service == "catering",
    )  # fmt: skip


def _workers(world: World, canteen: Canteen) -> list[Worker]:
    rows = []
    for number in range(3 + min(canteen.diners // 300, 5)):
        left = world.rng.choice([-6, 12, *[world.rng.randint(40, 350)] * 12])
        until = world.today + timedelta(days=left)
        rows.append(
            Worker(
                org=canteen.org, canteen=canteen, name=person_name(world.rng)[0], post=POSTS[number % 5][0],
                phone="", joined_on=world.today - timedelta(days=400 + number), training="岗前培训 8 学时",
                certificate=f"JK{canteen.pk:05d}{number:02d}", certified_on=until - timedelta(days=365),
                certified_until=until,
            )
        )  # fmt: skip
    return rows


@demo_step("canteen.checks", "食堂晨检", order=37)
def load_checks(world: World) -> None:
    """A week of morning checks at the schools people sign in to; today not everybody yet."""
    units = [world.accounts[f"{name}-head"].unit_id for name in SHOWN]
    workers = list(Worker.objects.unscoped().filter(org__in=units).select_related("canteen", "org"))
    for back in range(5, -1, -1):
        rows = [_check(world, worker, back) for number, worker in enumerate(workers) if back or number % 4]
        create_all(LOADER, rows, action="load")


def _check(world: World, worker: Worker, back: int) -> MorningCheck:
    day = world.today - timedelta(days=back)
    at = datetime.combine(day, time(6, world.rng.randint(0, 40)), clock.zone())
    warm = world.rng.random() < 0.02
    said: dict[str, Any] = {"temperature": Decimal("37.8") if warm else Decimal("36.4")}
    said["why"] = "体温 37.8℃" if warm else ("" if worker.certified(day) else "没有有效健康证")
    return MorningCheck(
        org=worker.org, canteen=worker.canteen, worker=worker, day=day, at=at, fit=not said["why"], **said
    )
