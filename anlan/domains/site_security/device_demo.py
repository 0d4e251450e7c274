"""Devices of the demo county: a set for every school, some faulty, some without certificate, some past repair."""

from datetime import time, timedelta
from random import Random
from typing import Any

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.base.schools import School
from anlan.base.vocabularies import Code
from anlan.domains.site_security.device_checks import DeviceCheck, items_of, worded
from anlan.domains.site_security.devices import KINDS, Condition, Device, family_of
from anlan.domains.site_security.operators import Qualification
from anlan.domains.site_security.products import Certificate
from anlan.domains.site_security.recordings import Recording
from anlan.domains.site_security.repairs import Repair
from anlan.domains.site_security.surveys import KeyPlace
from anlan.domains.site_security.tech_posts import TechPost
from anlan.engines.audit.api import create_all
from anlan.engines.registry.api import CheckResult, reckoned
from anlan.engines.workflow.api import renew_todos
from anlan.kernel import clock

# Kind, code of the kind of place, words of the position.
SET = (
    ("camera_plate", "L03", "大门内侧"),
    ("camera", "L01", "大门外接送区"),
    ("camera", "L06", "教学楼一层"),
    ("camera_dome", "L05", "操场"),
    ("recorder", "L12", "机柜"),
    ("panic_button", "L04", "值班桌"),
    ("gate", "L03", "人行通道"),
    ("beam", "L02", "东侧围墙"),
    ("broadcast_host", "L12", "操作台"),
    ("visitor", "L04", "登记窗口"),
)
# Cameras of schools that have such a place.
FURTHER = (
    ("camera", "L07", "宿舍楼出入口"),
    ("camera", "L08", "操作间"),
    ("camera", "L09", "实验室走廊"),
    ("camera", "L10", "财务室门口"),
    ("camera", "L12", "监控室内"),
)
MAKERS = ("恒视科技", "安联电子", "华盾技防")
GRADE_AT = {
    "L01": "activity_order",
    "L03": "person_vehicle",
    "L05": "activity",
    "L07": "person",
    "L08": "activity",
}
FAULTS = ("夜间没有图像", "录像中断", "无法联网", "按下没有反应", "画面花屏")


class Stock:
    """What devices refer to: kinds by code, places by school and kind, the certificate of each school."""

    def __init__(self, papers: list[Certificate]) -> None:
        self.kinds: dict[str, Any] = {code.code: code for code in Code.objects.filter(table=KINDS)}
        self.papers = {paper.org_id: paper for paper in papers}
        self.places: dict[tuple[int, str], KeyPlace] = {}
        rows = KeyPlace.objects.unscoped().filter(archived_at=None, absent=False).select_related("kind")
        for place in rows:
            self.places.setdefault((place.org_id, place.kind.code), place)

    def further(self, school: School) -> list[tuple[str, str, str]]:
        """What stands at places that not every school has."""
        return [one for one in FURTHER if (school.org_id, one[1]) in self.places]


@demo_step("site_security.devices", "技防设备", order=31)
def load_devices(world: World) -> None:
    """Ten devices to a school, and cameras for its further places; one school in twenty has none."""
    owners = [school for number, school in enumerate(world.schools) if number % 20 != 19]
    stock = Stock(create_all(LOADER, [_paper(world, school) for school in owners], action="load"))
    devices = [
        _device(world, stock, school, number, one)
        for school in owners
        for number, one in enumerate((*SET, *stock.further(school)))
    ]
    stored = create_all(LOADER, reckoned(devices), action="load")
    _put_in_service(world, stored)
    faulty = [device for device in stored if device.state == "reported"]
    create_all(LOADER, [_repair(world.rng, device) for device in faulty], action="load")
    for device in faulty:
        renew_todos(device)
    items = {device.kind_id: items_of(device) for device in stored[: len(SET)]}
    working = [device for device in stored if device.condition == Condition.ONLINE]
    filmed = [device for device in working if device.is_camera and device.place]
    others = [device for device in working if not (device.is_camera and device.place)]
    checked = [*filmed, *others[::8]]
    create_all(LOADER, [_check(world, device, items) for device in checked], action="load")
    create_all(LOADER, [_recording(world, device) for device in filmed], action="load")


def _put_in_service(world: World, devices: list[Device]) -> None:
    """Installed some time ago and looked at since, but for a few."""
    results = {device.pk: [_looked_at(world, device)] for device in devices}
    CheckResult.objects.bulk_create([made[0] for made in results.values()], batch_size=1000)
    fields = ["bought_on", "installed_on", "next_on", "next_check"]
    Device.objects.unscoped().bulk_update(reckoned(devices, results), fields, batch_size=500)


def _looked_at(world: World, device: Device) -> CheckResult:
    days = world.rng.randint(0, 5) if device.family == "panic" else world.rng.randint(0, 26)
    day = world.today - timedelta(days=days + (90 if world.rng.random() < 0.03 else 0))
    device.installed_on = day - timedelta(days=world.rng.randint(20, 3000))
    device.bought_on = device.installed_on - timedelta(days=15)
    said = {"check_code": "check", "title": "功能检查", "day": day, "body": device.firm}
    return CheckResult(org=device.org, ledger="site_security.devices", object_id=device.pk, **said)


def _paper(world: World, school: School) -> Certificate:
    ends = world.today + timedelta(days=world.rng.randint(-60, 1200))
    said = {"issued_on": ends - timedelta(days=1825), "valid_to": ends, "issuer": "中国质量认证中心"}
    number = f"2022{school.org_id:08d}"
    return Certificate(org=school.org, product="安防产品", kind="强制性产品认证", number=number, **said)


def _device(world: World, stock: Stock, school: School, number: int, one: tuple[str, str, str]) -> Device:
    code, where, spot = one
    kind = stock.kinds[code]
    device = Device(
        org=school.org,
        code=f"JF-{number + 1:03d}",
        kind=kind,
        family=family_of(kind),
        place=stock.places.get((school.org_id, where)),
        spot=spot,
        maker=world.rng.choice(MAKERS),
        certificate=stock.papers[school.org_id] if world.rng.random() < 0.9 else None,
        firm="县智安技防服务公司",
    )
    if device.family == "video":
        device.channel = f"D{number + 1}"
    _turn_out(world.rng, device)
    return device


def _turn_out(rng: Random, device: Device) -> None:
    """Most work; some are faulty, out of use or offline."""
    chance = rng.random()
    if chance < 0.02:
        start = clock.now() - timedelta(minutes=rng.randint(20, 2400))
        device.state, device.condition = "reported", Condition.FAULTY
        device.fault, device.started_at = rng.choice(FAULTS), start
        device.due_at = start + timedelta(hours=24)
    elif chance < 0.04:
        device.state, device.condition = "stopped", Condition.WITHDRAWN
    elif chance < 0.07:
        device.condition = Condition.OFFLINE


def _check(world: World, device: Device, items: dict[str, list[Code]]) -> DeviceCheck:
    """One check; nobody looked by night at one camera in twelve."""
    day, skipped = world.today - timedelta(days=world.rng.randint(1, 28)), world.rng.random() < 0.08
    grade = GRADE_AT.get(device.place.kind.code, "") if device.is_camera and device.place else ""
    check = DeviceCheck(org=device.org, device=device, day=day, checker="巡查员", passed=True, grade=grade)
    for item in items[device.kind_id]:
        verdict = "na" if skipped and item.code.startswith("night") else "pass"
        check.answers.append((worded(item, grade), verdict))
        if item.extra.get("image"):
            check.images[item.code] = verdict
    return check


def _recording(world: World, device: Device) -> Recording:
    """Mostly a month and more; some reach back less far, some broke off for a while."""
    chance, looked = world.rng.random(), clock.now() - timedelta(hours=world.rng.randint(1, 40))
    kept = world.rng.randint(12, 29) if chance < 0.04 else world.rng.randint(30, 45)
    start = looked - timedelta(hours=world.rng.randint(30, 300))
    spans = [[start.isoformat(), (start + timedelta(minutes=95)).isoformat()]] if chance > 0.97 else []
    return Recording(
        org=device.org,
        device=device,
        looked_at=looked,
        way=Recording.Way.INTERFACE,
        looker="学校录像平台",
        oldest_on=looked.astimezone(clock.zone()).date() - timedelta(days=kept),
        kept=kept,
        required=30,
        enough=kept >= 30,
        breaks=spans,
        broke_at=start if spans else None,
    )


def _repair(rng: Random, device: Device) -> Repair:
    start: Any = device.started_at
    order = Repair(
        org=device.org,
        device=device,
        fault=device.fault,
        reporter="学校安全管理员",
        started_at=start,
        accept_by=start + timedelta(hours=4),
        restore_by=start + timedelta(hours=24),
        interim_by=start + timedelta(hours=1),
    )
    if rng.random() < 0.6:
        order.interim, order.interim_at = "加派保安值守", start + timedelta(minutes=20)
    return order


@demo_step("site_security.tech_posts", "技防岗位和资质", order=46)
def load_tech_posts(world: World) -> None:
    """A monitoring room at some schools; one of two who may stand there is qualified."""
    schools = [school for school in world.schools[:8] if world.staff.get(school.org_id)]
    create_all(
        LOADER,
        [TechPost(org=one.org, name="监控室白班", begins_at=time(8), ends_at=time(18)) for one in schools],
    )
    since = world.today - timedelta(days=400)
    rows = [
        Qualification(
            org=one.org, person=world.staff[one.org_id][0], kind="安防系统运行维护", number=f"JF-{number:04d}",
            issuer="示例培训机构", issued_on=since, valid_to=world.today + timedelta(days=500 - 150 * number),
            trained_on=since, tested_on=since, result="passed",
        )
        for number, one in enumerate(schools)
    ]  # fmt: skip
    create_all(LOADER, rows, action="load")
