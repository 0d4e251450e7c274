"""Two years of hazards, most of them long closed, some open, a few late."""

from datetime import datetime, time, timedelta
from typing import Any

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.domains.safety.hazards import Hazard, HazardCounter, Source
from anlan.domains.safety.risks import RiskCategory
from anlan.engines.audit.api import create_all
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
PATH = [
    ("confirm", "确认隐患", "reported", "assigned", 0.3),
    ("submit", "提交整改", "assigned", "submitted", 4),
    ("approve", "审核通过", "submitted", "recheck", 0.6),
    ("pass_recheck", "复查合格", "recheck", "rectified", 1.5),
    ("strike_off", "销号", "rectified", "closed", 0.5),
]
STOPS = ["reported", "assigned", "fixing", "submitted", "recheck", "returned", "rectified"]
TOTAL, DAYS, OPEN_DAYS = 1500, 720, 24


@demo_step("safety.hazards", "隐患与整改", order=20)
def load_hazards(world: World) -> None:
    """About two a day over two years; those of the last weeks are still open."""
    risks = {risk.code: risk for risk in RiskCategory.objects.unscoped().filter(org=world.units["county"])}
    moments = sorted(_moment(world) for _ in range(TOTAL))
    numbers: dict[int, int] = {}
    hazards = [_hazard(world, risks, moment, numbers) for moment in moments]
    create_all(LOADER, hazards, action="load")
    HazardCounter.objects.bulk_create([HazardCounter(year=year, last=last) for year, last in numbers.items()])
    Step.objects.bulk_create([step for hazard in hazards for step in _steps(world, hazard)], batch_size=500)
    for hazard in hazards:
        if hazard.open:
            renew_todos(hazard)


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
    hazard = Hazard(
        org=school.org, number=f"YH-{found.year % 100:02d}-{numbers[found.year]:04d}",
        title=rng.choice(FINDINGS[code]), place=rng.choice(PLACES), category=risks[code], grade=rng.choice(GRADES),
        source=rng.choice([*Source.values, Source.ROUTINE, Source.ROUTINE]), found_at=found, created_at=found,
        reporter=world.accounts[f"inspector{rng.randint(1, 12)}"].name,
        responsible=people[0].name if people else "", state=state,
        measure=rng.choice(MEASURES) if state not in ("reported", "assigned", "fixing") else "",
        rounds=0 if state in ("reported", "assigned", "fixing", "void") else 1,
    )  # fmt: skip
    if state == "closed":
        hazard.archived_at = min(found + timedelta(days=rng.uniform(2, 12)), clock.now())
    elif state not in ("void", "reported"):
        hazard.due_at = found + timedelta(days=rng.choice([7, 10, 15, 15, 30]))
    return hazard


def _steps(world: World, hazard: Hazard) -> list[Step]:
    reached = [target for _, _, _, target, _ in PATH]
    last = reached.index(hazard.state) + 1 if hazard.state in reached else 0
    at, steps = hazard.found_at, []
    for name, title, source, target, days in PATH[:last]:
        at = min(at + timedelta(days=days * world.rng.uniform(0.5, 1.4)), clock.now())
        values: dict[str, Any] = {"measure": hazard.measure} if name == "submit" else {}
        actor = hazard.responsible if name == "submit" else world.accounts["bureau"].name
        steps.append(
            Step(
                model="safety.hazard", object_id=hazard.pk, move=name, title=title, source=source, target=target,
                at=at, actor=actor or "学校", channel="web", values=values,
            )
        )  # fmt: skip
    return steps
