"""Two years of hazards, most of them long closed, some open, a few late."""

from datetime import datetime, time, timedelta
from typing import Any

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.domains.safety.demo.pictures import hang
from anlan.domains.safety.hazards import Hazard, HazardCounter, Source
from anlan.engines.audit.api import create_all
from anlan.engines.registry.api import RiskCategory
from anlan.engines.workflow.api import Step, renew_todos
from anlan.kernel import clock

FINDINGS = {
    "fire": [
        "疏散通道堆放课桌椅",
        "灭火器压力不足",
        "应急照明灯不亮",
        "消火栓箱缺水枪",
        "楼梯间停放电动自行车",
        "防火门闭门器损坏",
    ],
    "food": ["燃气报警器探头失灵", "留样克数不足", "后厨防蝇帘破损", "从业人员健康证过期", "餐具消毒无记录"],
    "facility": [
        "围墙北段外倾",
        "楼梯扶手松动",
        "走廊外窗无限位器",
        "户外攀爬架螺栓松动",
        "校门升降柱无法升起",
    ],
    "violence": ["门卫室防卫器械不足", "外来人员登记不全"],
    "infectious": ["晨检记录不完整", "保健室消毒液过期"],
}
PLACES = [
    "教学楼一层",
    "教学楼二层东侧",
    "综合楼三层",
    "食堂操作间",
    "学生宿舍",
    "操场",
    "正门",
    "实验室",
    "北围墙",
]
MEASURES = ["已清理并安排专人每日巡查", "已更换并登记入账", "已维修，试验正常", "已补齐并张贴责任卡"]
GRADES = ["major", "large", "large", "general", "general", "general", "low", "low"]
MOVES = {
    "confirm": ("确认隐患", "reported", "assigned", 0.3, 10),
    "start": ("开始整改", "assigned", "fixing", 0.5, 10),
    "submit": ("提交整改", "fixing", "submitted", 3.5, 3),
    "approve": ("审核通过", "submitted", "recheck", 0.6, 5),
    "send_back": ("退回", "submitted", "returned", 0.6, 5),
    "fail_recheck": ("复查不合格", "recheck", "returned", 1.2, 7),
    "pass_recheck": ("复查合格", "recheck", "rectified", 1.5, 3),
    "strike_off": ("销号", "rectified", "closed", 0.5, 0),
}
ONE = "confirm start submit approve"
PATHS = {
    "reported": "",
    "assigned": "confirm",
    "fixing": "confirm start",
    "submitted": "confirm start submit",
    "returned": "confirm start submit send_back",
    "recheck": ONE,
    "rectified": f"{ONE} pass_recheck",
    "closed": f"{ONE} pass_recheck strike_off",
    "again": f"{ONE} fail_recheck submit approve pass_recheck strike_off",
}
SAID = {
    "send_back": "照片看不出整改后的情况，请补拍",
    "fail_recheck": "现场仍有遗留，请继续整改",
    "pass_recheck": "现场复查合格",
    "strike_off": "同意销号",
}
STOPS = ["reported", "assigned", "fixing", "submitted", "recheck", "returned", "rectified"]
TOTAL, DAYS, OPEN_DAYS, PICTURED = 1500, 720, 24, 200


@demo_step("safety.hazards", "隐患与整改", order=20)
def load_hazards(world: World) -> None:
    """About two a day over two years; those of the last weeks are still open."""
    risks = {risk.code: risk for risk in RiskCategory.objects.unscoped().filter(org=world.units["county"])}
    moments = sorted(_moment(world) for _ in range(TOTAL))
    numbers: dict[int, int] = {}
    hazards = [_hazard(world, risks, moment, numbers) for moment in moments]
    plans = [_steps(world, hazard) for hazard in hazards]
    create_all(LOADER, hazards, action="load")
    HazardCounter.objects.bulk_create([HazardCounter(year=year, last=last) for year, last in numbers.items()])
    steps = []
    for hazard, made in zip(hazards, plans, strict=True):
        for step in made:
            step.object_id = hazard.pk
        steps += made
    Step.objects.bulk_create(steps, batch_size=500)
    for hazard in hazards:
        if hazard.open:
            renew_todos(hazard)
    hang(world.rng, hazards[-PICTURED:], {step.object_id: step for step in steps if step.move == "submit"})


def _moment(world: World) -> datetime:
    day = world.today - timedelta(days=1 + int(world.rng.random() ** 1.2 * DAYS))
    day -= timedelta(days=max(0, day.weekday() - 4))
    return datetime.combine(day, time(world.rng.randint(8, 16), world.rng.randint(0, 59)), clock.zone())


def _hazard(world: World, risks: dict[str, RiskCategory], found: datetime, numbers: dict[int, int]) -> Hazard:
    rng = world.rng
    shown = [school for school in world.schools if school.org_id == world.accounts["school-safety"].unit_id]
    school = rng.choice(shown if rng.random() < 0.03 else world.schools)
    code = rng.choice(list(FINDINGS))
    numbers[found.year] = numbers.get(found.year, 0) + 1
    age = (world.today - found.date()).days
    state = "closed" if age > OPEN_DAYS or rng.random() < 0.25 else rng.choice(STOPS)
    if rng.random() < 0.03:
        state = "void"
    people = world.staff.get(school.org_id, [])
    inspector = world.accounts[f"inspector{rng.randint(1, 12)}"]
    return Hazard(
        org=school.org, number=f"YH-{found.year % 100:02d}-{numbers[found.year]:04d}",
        title=rng.choice(FINDINGS[code]), place=rng.choice(PLACES), category=risks[code], grade=rng.choice(GRADES),
        source=rng.choice([*Source.values, Source.ROUTINE, Source.ROUTINE]), found_at=found, created_at=found,
        created_by=inspector, reporter=inspector.name, updated_at=found,
        responsible=people[0].name if people and state != "reported" else "", state=state,
    )  # fmt: skip


def _steps(world: World, hazard: Hazard) -> list[Step]:
    """The way to the present state, and what it leaves on the hazard itself."""
    again = hazard.state == "closed" and world.rng.random() < 0.08
    names = PATHS.get("again" if again else hazard.state, "").split()
    pace, at, steps = _pace(world, hazard, names), hazard.found_at, []
    for name in names:
        at += timedelta(days=MOVES[name][3] * pace * world.rng.uniform(0.6, 1.4))
        steps.append(_step(world, hazard, name, at))
    if hazard.state == "void":
        steps = [_step(world, hazard, "dismiss", at + timedelta(days=0.4))]
    _settle(hazard, steps)
    return steps


def _pace(world: World, hazard: Hazard, names: list[str]) -> float:
    """Slower in some schools, but never so slow that a step lies in the future."""
    wanted = sum(MOVES[name][3] for name in names) * 1.4
    there = (clock.now() - hazard.found_at).total_seconds() / 86_400
    return min(world.rng.choice([0.4, 0.6, 0.8, 1, 1, 1.6]), there / wanted if wanted else 1)


def _step(world: World, hazard: Hazard, name: str, at: datetime) -> Step:
    title, source, target, _, days = MOVES.get(name, ("判为误报", "reported", "void", 0, 0))
    user = _maker(world, hazard, name)
    said = {"measure": world.rng.choice(MEASURES), "after": 1} if name == "submit" else {}
    opinion = SAID.get(name) or ("现场核对，并无此情况" if name == "dismiss" else "")
    return Step(
        model="safety.hazard", move=name, title=title, source=source, target=target, at=at, user=user,
        actor=user.name if user else "学校", channel="phone" if name == "submit" else "web",
        due_at=at + timedelta(days=days * world.rng.choice([1, 1, 1.5, 2])) if days else None,
        values=said | ({"opinion": opinion} if opinion else {}),
    )  # fmt: skip


def _maker(world: World, hazard: Hazard, name: str) -> Any:
    if name in ("start", "submit"):
        people = [person.account for person in world.staff.get(hazard.org_id, []) if person.account]
        return people[1] if len(people) > 1 else None
    return hazard.created_by if name.endswith("_recheck") else world.accounts["bureau"]


def _settle(hazard: Hazard, steps: list[Step]) -> None:
    if not steps:
        return
    last = steps[-1]
    hazard.updated_at, hazard.due_at = last.at, last.due_at if hazard.open else None
    hazard.opinion = last.values.get("opinion", "")
    hazard.archived_at = last.at if hazard.state == "closed" else None
    for step in steps:
        if step.move == "submit":
            hazard.measure, hazard.rounds = step.values["measure"], hazard.rounds + 1
            hazard.rectified_by = step.user
