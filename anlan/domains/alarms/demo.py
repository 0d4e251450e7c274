"""Alarms of the demo county: a zone or two to a school, some alarms judged, one panic test a week."""

from datetime import time, timedelta

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.base.rostering import staff_of
from anlan.domains.alarms.alarms import Alarm
from anlan.domains.alarms.broadcast_texts import BroadcastText
from anlan.domains.alarms.entrances import Entrance, Opening
from anlan.domains.alarms.passes import Pass
from anlan.domains.alarms.passings import Passing
from anlan.domains.alarms.peaks import PeakZone
from anlan.domains.alarms.sources import Source
from anlan.domains.alarms.zones import Zone
from anlan.engines.audit.api import change, create, create_all
from anlan.engines.org.api import OrgUnit
from anlan.kernel import clock

REASONS = {
    "false": ("小动物触发", "大风吹动树枝", "保洁人员进入"),
    "real": ("有人翻越围墙，已劝离", "夜间有人推门"),
}

TEXTS = (
    ("火警疏散", "现在播送火警疏散通知：请全体师生保持冷静，由老师带领，按疏散路线有序撤离到操场集合。"),
    ("防暴避险", "现在播送紧急通知：请全体师生立即回到室内，锁好门窗，远离门窗，等待通知。"),
    ("地震避险", "现在播送地震避险通知：请就近避险，震动停止后由老师带领有序撤离到操场。"),
)


@demo_step("alarms.alarms", "报警与防区", order=33)
def load_alarms(world: World) -> None:
    """Zones of every school, alarms of every second one."""
    create(LOADER, Source(org=world.units["county"], code="county-platform", title="县技防接入平台"))
    zones = [
        Zone(org=school.org, code=code, title=title, guards=guards, armed_from=time(22), armed_to=time(6))
        for school in world.schools
        for code, title, guards in (("01", "东侧围墙", "perimeter"), ("02", "财务室", "valuables"))
    ]
    create_all(LOADER, zones, action="load")
    create_all(LOADER, [_alarm(world, zone) for zone in zones[::4]], action="load")
    create_all(LOADER, [_test(world, school.org) for school in world.schools[::2]], action="load")
    create_all(
        LOADER, [BroadcastText(org=world.units["county"], title=title, words=words) for title, words in TEXTS]
    )
    schools = world.schools[::10]
    create_all(
        LOADER, [_pass(school.org, number) for school in schools for number in range(3)], action="load"
    )
    create_all(LOADER, [_passing(world, school.org) for school in schools for _ in range(6)], action="load")
    _load_entrances(world, [school.org for school in schools])


def _load_entrances(world: World, units: list[OrgUnit]) -> None:
    """A gate with its times, one in three without an alarm, and a small door that was closed."""
    gates = [
        Entrance(org=unit, title="南大门", room="gate", room_staff=2, alarm=number % 3 > 0, comms=True)
        for number, unit in enumerate(units)
    ]
    closed = world.today - timedelta(days=400)
    create_all(LOADER, gates, action="load")
    create_all(
        LOADER, [Entrance(org=unit, title="北小门", closed_on=closed) for unit in units], action="load"
    )
    times = (
        ("all", time(6, 50), time(8, 10)),
        ("all", time(16, 20), time(18, 30)),
        ("staff", time(6), time(22)),
    )
    rows = [
        Opening(org=gate.org, entrance=gate, who=who, days="work", starts=starts, ends=ends)
        for gate in gates
        for who, starts, ends in times
    ]
    create_all(LOADER, rows, action="load")
    layout = "门外人行道右侧为学生通道，左侧为家长等候区；接送车辆在路口即停即走。"
    peaks = (("早上到校", time(7, 10), time(8)), ("下午放学", time(16, 20), time(17, 20)))
    zones = [
        PeakZone(org=gate.org, entrance=gate, name=name, begins_at=begins, ends_at=ends,
                 barriers="门外铁马 12 个，门内隔离带 20 米", layout=layout)
        for gate in gates
        for name, begins, ends in peaks
    ]  # fmt: skip
    create_all(LOADER, zones, action="load")
    for zone in zones[::2]:
        change(LOADER, zone, {"staff": list(staff_of(zone.org)[:2])})


def _pass(unit: OrgUnit, number: int) -> Pass:
    known, holder = (("student", "示例学生"), ("staff", "示例教师"), ("visitor", "示例访客"))[number]
    until = clock.today() + timedelta(days=2) if known == "visitor" else None
    return Pass(org=unit, card=f"10{number:04d}", person_class=known, holder=holder, valid_to=until)


def _passing(world: World, unit: OrgUnit) -> Passing:
    at = clock.now() - timedelta(minutes=world.rng.randint(3, 3000))
    known = world.rng.choice(("student", "student", "staff", "visitor", "unknown"))
    why = "卡号未登记" if known == "unknown" else ""
    said = {
        "direction": world.rng.choice(("in", "out")),
        "place": "人行通道",
        "card": f"1{world.rng.randint(0, 99999):05d}",
    }
    return Passing(org=unit, person_class=known, at=at, manual=False, refused=bool(why), why=why, **said)


def _alarm(world: World, zone: Zone) -> Alarm:
    at = (clock.now() - timedelta(days=world.rng.randint(1, 60))).replace(
        hour=16, minute=world.rng.randint(0, 59)
    )
    row = Alarm(
        org=zone.org, kind="intrusion", zone=zone, zone_code=zone.code, at=at, last_at=at, place=zone.title
    )
    row.state, row.calls, row.called_at, row.device_code = "closed", 1, at, "JF-008"
    row.judgement = "false" if world.rng.random() < 0.8 else "real"
    row.reason, row.action = world.rng.choice(REASONS[row.judgement]), "保安到场核查"
    return row


def _test(world: World, unit: OrgUnit) -> Alarm:
    at = clock.now() - timedelta(days=world.rng.randint(0, 6), minutes=world.rng.randint(5, 300))
    said = {"device_code": "JF-006", "device_title": "JF-006 紧急报警按钮", "place": "值班桌"}
    return Alarm(org=unit, kind="panic", test=True, state="heard", at=at, last_at=at, **said)
