"""Safety assessments of the demo county."""

from anlan.base.demo.evaluations import Staging
from anlan.base.demo.steps import World, demo_step
from anlan.domains.safety_assessment.process import ASSESSMENT

TREE = [
    ("A1", "安全责任", "", None),
    ("B1", "组织制度", "A1", None),
    ("C1", "安全责任书签订到人", "B1", 6),
    ("C2", "安全制度齐全并公示", "B1", 4),
    ("B2", "教育演练", "A1", None),
    ("C3", "每月开展应急疏散演练", "B2", 8),
    ("C4", "开学安全第一课", "B2", 4),
    ("A2", "三防建设", "", None),
    ("B3", "人防", "A2", None),
    ("C5", "专职保安配备到位", "B3", 8),
    ("C6", "上下学时段护学", "B3", 6),
    ("B4", "技防", "A2", None),
    ("C7", "一键报警与公安联网", "B4", 8),
    ("C8", "视频监控无盲区", "B4", 6),
]
WORDS = {"opinion": "材料与现场一致", "reason": "按评分标准给分", "deduction": "个别记录不全"}
TITLES = ("上学期学校安全评估", "本学期学校安全评估", "春季学期学校安全评估")
TAKING_PART = 8


@demo_step("safety_assessment.rounds", "安全评估", order=60)
def load_rounds(world: World) -> None:
    """A closed round with results, one in which judges are at work, and a draft."""
    units = [school.org for school in world.schools[:TAKING_PART]]
    managed = ["C1", "C2", "C3", "C4"]
    staging = Staging(world, ASSESSMENT, "学校安全工作评估", TREE, managed, units, WORDS, TITLES)
    staging.stage(staging.prepare())
