"""Moral-education assessments of the demo county."""

from anlan.base.demo.evaluations import Staging
from anlan.base.demo.steps import World, demo_step
from anlan.base.schools import SchoolKind
from anlan.domains.moral_assessment.process import ASSESSMENT

TREE = [
    ("A1", "德育管理", "", None),
    ("B1", "组织与队伍", "A1", None),
    ("C1", "德育工作领导小组定期研究工作", "B1", 6),
    ("C2", "班主任配备与培训", "B1", 8),
    ("B2", "制度与计划", "A1", None),
    ("C3", "学期德育计划与总结齐全", "B2", 6),
    ("A2", "德育实施", "", None),
    ("B3", "课程育人", "A2", None),
    ("C4", "开足开好道德与法治课", "B3", 10),
    ("B4", "活动育人", "A2", None),
    ("C5", "重大节日主题教育", "B4", 8),
    ("C6", "劳动与社会实践", "B4", 8),
    ("B5", "协同育人", "A2", None),
    ("C7", "家长学校与家访", "B5", 6),
]
WORDS = {"opinion": "工作扎实，材料完整", "reason": "按评分标准给分", "deduction": "个别活动记录不全"}
TITLES = ("上学年中小学德育评估", "本学年中小学德育评估", "下学年中小学德育评估")
TAKING_PART = 6


@demo_step("moral_assessment.rounds", "德育评估", order=61)
def load_rounds(world: World) -> None:
    """A closed round with results, one in which judges are at work, and a draft."""
    schools = [school.org for school in world.schools if school.kind != SchoolKind.KINDERGARTEN]
    units, managed = schools[:TAKING_PART], ["C1", "C2", "C3"]
    staging = Staging(world, ASSESSMENT, "中小学德育工作评估", TREE, managed, units, WORDS, TITLES)
    staging.stage(staging.prepare())
