"""Safety assessments of the demo county: one closed, one being scored, one still a draft."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.domains.safety_assessment.models import Indicator, Item, Round, Scheme
from anlan.engines.audit.api import SYSTEM, change, create, create_all
from anlan.engines.org.api import OrgUnit
from anlan.engines.rounds.api import aggregate, form_panel
from anlan.engines.tasks.api import Job
from anlan.engines.workflow.api import perform
from anlan.kernel import clock

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
MANAGED = ["C1", "C2", "C3", "C4"]
WORDS = {"opinion": "材料与现场一致", "reason": "按评分标准给分", "deduction": "个别记录不全"}
TAKING_PART = 8


@demo_step("safety_assessment.rounds", "安全评估", order=60)
def load_rounds(world: World) -> None:
    """A closed round with results, one in which judges are at work, and a draft."""
    office = world.units["county"]
    judges = [world.accounts[f"judge{place}"] for place in (1, 2, 3)]
    scheme = create(LOADER, Scheme(org=office, title="学校安全工作评估", note="每学期一次"))
    create_all(LOADER, list(_indicators(scheme)))
    schools = [school.org for school in world.schools[:TAKING_PART]]
    closed = _round(scheme, "上学期学校安全评估", schools)
    _passed(world, closed)
    _score(world, closed, judges, TAKING_PART)
    _reckon(closed)
    running = _round(scheme, "本学期学校安全评估", schools)
    _passed(world, running)
    _score(world, running, judges, 2)
    create(LOADER, Round(org=office, scheme=scheme, title="春季学期学校安全评估", requirements="逐项自评"))


def _indicators(scheme: Any) -> Any:
    for place, (code, title, parent, standard) in enumerate(TREE):
        said = {"code": code, "title": title, "parent": parent, "standard": standard, "place": place}
        yield Indicator(org=scheme.org, scheme=scheme, **said)


def _round(scheme: Any, title: str, schools: list[OrgUnit]) -> Any:
    """Published to the schools."""
    said = {"requirements": "对照指标逐项自评，上传佐证材料；自评分低于标准分的写明原因。"}
    made = create(LOADER, Round(org=scheme.org, scheme=scheme, title=title, **said))
    made.participants.set(schools)
    return perform(SYSTEM, made, "publish")


def _passed(world: World, round_: Any) -> None:
    """Every item filled in, every school passed."""
    items = []
    for entry in round_.entries.select_related("org"):
        for leaf in round_.indicators.leaves:
            short = world.rng.choice([0, 0, 0, 1])
            said = {"text": "已按要求落实，记录齐全", "reason": "个别记录补登" if short else ""}
            items.append(
                Item(org=entry.org, entry=entry, leaf=leaf.code, score=leaf.scale.most - short, **said)
            )
    create_all(LOADER, items)
    for entry in round_.entries.select_related("org", "round"):
        change(SYSTEM, entry, {"state": "passed", "due_at": None}, action="move:accept")


def _score(world: World, round_: Any, judges: list[Any], schools: int) -> None:
    """Panels, and the sheets of the first schools handed in."""
    rest = [leaf.code for leaf in round_.indicators.leaves if leaf.code not in MANAGED]
    form_panel(LOADER, round_, "责任与教育组", judges[:2], MANAGED)
    form_panel(LOADER, round_, "三防建设组", judges[1:], rest)
    perform(SYSTEM, round_, "begin_scoring")
    first = list(round_.entries.order_by("pk").values_list("pk", flat=True)[:schools])
    for sheet in round_.sheets.filter(entry__in=first).select_related("panel", "round"):
        scores = {}
        for code in sheet.panel.leaves:
            most = round_.indicators[code].scale.most
            scores[code] = {
                "score": str(most - Decimal(world.rng.choice(["0", "0", "0.5", "1", "1.5"]))),
                **WORDS,
            }
        said = {"scores": scores, "state": "submitted", "submitted_at": clock.now() - timedelta(hours=2)}
        change(LOADER, sheet, said, action="submit")


def _reckon(round_: Any) -> None:
    """Aggregated, published and closed."""
    perform(SYSTEM, round_, "aggregate")
    job = Job.objects.filter(code__endswith=".rounds.publishing.aggregate").latest("pk")
    aggregate(job, **job.values)
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE, finished_at=clock.now())
    round_.refresh_from_db()
    for name in ("announce", "close"):
        perform(SYSTEM, round_, name)
