"""Evaluations of kindergartens in the demo county, with reports and rectification."""

from datetime import timedelta
from typing import Any

from anlan.base.demo.evaluations import Staging
from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.base.schools import SchoolKind
from anlan.domains.kindergarten.process import EVALUATION
from anlan.engines.audit.api import SYSTEM, change, create
from anlan.engines.rounds.api import Assessor, appoint
from anlan.engines.workflow.api import perform
from anlan.kernel import clock

TREE = [
    ("A1", "办园条件", "", None),
    ("B1", "园舍设施", "A1", None),
    ("C1", "活动室与寝室面积达标", "B1", 6),
    ("C2", "户外场地与玩具配备", "B1", 6),
    ("A2", "安全卫生", "", None),
    ("B2", "安全", "A2", None),
    ("C3", "接送与门卫管理", "B2", 8),
    ("C4", "食品安全与晨检", "B2", 8),
    ("A3", "保育教育", "", None),
    ("B3", "教育过程", "A3", None),
    ("C5", "以游戏为基本活动，无小学化倾向", "B3", 10),
    ("C6", "师幼互动", "B3", 8),
    ("A4", "教职工队伍", "", None),
    ("B4", "配备", "A4", None),
    ("C7", "教职工持证上岗", "B4", 6),
]
WORDS = {"opinion": "办园行为规范", "deduction": "个别记录不全", "demand": "补齐记录并定期自查"}
TITLES = ("上学年幼儿园办园行为评估", "本学年幼儿园办园行为评估", "下学年幼儿园办园行为评估")
TAKING_PART = 6
STAGES = (1, 2, 4, 5)  # how many reports are closed, answered, sent, submitted


@demo_step("kindergarten.rounds", "幼儿园评估", order=62)
def load_rounds(world: World) -> None:
    """A closed round with reports at every stage, one in which judges are at work, and a draft."""
    units = [school.org for school in world.schools if school.kind == SchoolKind.KINDERGARTEN]
    managed = ["C1", "C2", "C3", "C4"]
    staging = Staging(
        world, EVALUATION, "幼儿园办园行为评估", TREE, managed, units[:TAKING_PART], WORDS, TITLES
    )
    scheme, writer = staging.prepare(), world.accounts["writer"]
    create(LOADER, Assessor(org=staging.office, user=writer, judges=False, writes=True))
    staging.stage(scheme, lambda round_: _reports_on(round_, writer, (TAKING_PART,) * 4))
    followed = staging.published(scheme, "春季学期幼儿园办园行为评估")
    _reports_on(followed, writer, STAGES)


def _reports_on(round_: Any, writer: Any, stages: tuple[int, int, int, int]) -> None:
    """A report on each result; so many of them are closed, answered, sent, submitted."""
    for place, verdict in enumerate(round_.verdicts.select_related("org", "round").order_by("pk")):
        _report_on(appoint(LOADER, verdict, writer), [place < number for number in stages])


def _report_on(report: Any, come: list[bool]) -> None:
    closed, answered, sent, submitted = come
    for problem in report.problems.all()[3:]:
        perform(SYSTEM, problem, "drop")
    change(LOADER, report, {"due_on": clock.today() + timedelta(days=30)})
    for name in ("submit", "confirm") if sent else ("submit",) if submitted else ():
        perform(SYSTEM, report, name)
    for problem in report.problems.exclude(state="dropped") if answered else ():
        perform(SYSTEM, problem, "answer", {"answer": "已补齐记录，并安排专人每周自查"}, files={"after": 1})
        if closed:
            perform(SYSTEM, problem, "accept")
