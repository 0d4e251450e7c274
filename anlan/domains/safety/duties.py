"""The responsibility matrix: who leads, who answers, who assists, point by point, for the area and its schools."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from django.db import models, transaction

from anlan.base.blocks import school_block
from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.base.schools import School
from anlan.base.seed_files import SEEDS
from anlan.engines.audit.api import Actor, create_all
from anlan.engines.org.api import OrgUnit, Record
from anlan.engines.registry.api import Ledger, ledger
from anlan.kernel.errors import Conflict, Rejected

NETS = [
    ("org", "组织机制"),
    ("tech", "技防网"),
    ("physical", "物防网"),
    ("human", "人防网"),
    ("mental", "心防网"),
    ("family", "家防网"),
    ("joint", "联防网"),
]
PARTS = [("lead", "牵头"), ("main", "主要责任"), ("assist", "配合"), ("none", "不涉及")]


class Duty(Record):
    """One point of a matrix, laid down by an area (``org``) for itself and all below."""

    INHERITED = True

    matrix = models.CharField("责任表", max_length=40)
    code = models.CharField("编号", max_length=12)
    net = models.CharField("防控网", max_length=10, choices=NETS)
    title = models.CharField("事项", max_length=60)
    text = models.CharField("责任内容", max_length=300)
    lead = models.CharField("牵头部门", max_length=200, blank=True)
    main = models.CharField("主要责任部门", max_length=300, blank=True)
    assist = models.CharField("配合部门", max_length=500, blank=True)
    school_part = models.CharField("学校责任", max_length=8, choices=PARTS, default="none")
    per_term = models.PositiveSmallIntegerField("每学期次数", null=True, blank=True)

    class Meta(Record.Meta):
        verbose_name = "责任事项"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "matrix", "code"],
                name="safety_duty_once",
                condition=models.Q(archived_at=None),
                violation_error_message="这个编号已经有了",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


@ledger
class Duties(Ledger):
    """The matrix, kept by the bureau, seen by everybody below."""

    code = "safety.duties"
    model = Duty
    title, noun, icon = "责任矩阵", "项", "users"
    area, group, order = "safety", "设置", 905
    columns = "text code title net lead main assist school_part per_term"
    filters = "net school_part"
    search = "code title text lead main assist"
    key = "org matrix code"
    form = "org matrix code net title text lead main assist school_part per_term"
    sort = "pk"
    example = {
        "matrix": "平安校园",
        "code": "1.1",
        "net": "org",
        "title": "专题会议",
        "text": "每学期召开三次会议",
    }
    views = {"涉及学校": "school_part=lead&school_part=main&school_part=assist"}
    roles = {
        "view": "bureau_safety bureau_leader bureau_viewer upper_safety township_officer team_admin agency_liaison "
        "inspector school_head school_safety school_contact",
        **dict.fromkeys(("add", "edit", "archive", "import"), "bureau_safety"),
        "export": "bureau_safety bureau_leader bureau_viewer upper_safety",
    }

    def begin(self, user: Any) -> dict[str, Any]:
        """The own bureau lays it down."""
        return {"org": user.unit_id}


@school_block("duties", "学校承担的责任", "safety/school_duties.html")
def duties_of_school(request: Any, school: School) -> dict[str, Any] | None:
    """Points in which schools have a part, laid down by the areas above."""
    rows = Duty.objects.unscoped().filter(archived_at=None, org__code__in=school.org.ancestor_codes())
    found = list(rows.exclude(school_part="none"))
    return {"duties": found} if found else None


@transaction.atomic
def load_matrix(actor: Actor, unit: OrgUnit, data: Any) -> int:
    """Points of a matrix file at the unit; how many. Conflict where the matrix is there already."""
    if not isinstance(data, dict) or data.get("kind") != "responsibility_matrix" or not data.get("code"):
        raise Rejected({"file": "不是责任分解表数据文件"})
    code = str(data["code"])
    if Duty.objects.unscoped().filter(org=unit, matrix=code, archived_at=None).exists():
        raise Conflict("这张责任表已经载入")
    names = {row["code"]: _name(row) for row in data.get("departments", ())}
    rows = [
        _duty(unit, code, item, point, names)
        for item in data.get("items", ())
        for point in item.get("points", ())
    ]
    codes = [row.code for row in rows]
    if doubled := sorted({one for one in codes if codes.count(one) > 1}):
        raise Rejected(dict.fromkeys(doubled, "编号重复"))
    return len(create_all(actor, rows))


def load_matrix_file(actor: Actor, unit: OrgUnit, file: Path) -> int:
    """As :func:`load_matrix`, from a YAML file."""
    try:
        return load_matrix(actor, unit, yaml.safe_load(file.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError):
        raise Rejected({"file": "不是责任分解表数据文件"}) from None


def _name(row: dict[str, Any]) -> str:
    later = row.get("later")
    return f"{row['zh']}（今{later}）" if later else str(row["zh"])


def _duty(
    unit: OrgUnit, matrix: str, item: dict[str, Any], point: dict[str, Any], names: dict[str, str]
) -> Duty:
    def words(codes: Iterable[str]) -> str:
        return "、".join(names.get(code, code) for code in codes)

    part = next((role for role in ("lead", "main", "assist") if "school" in item.get(role, ())), "none")
    assist = words(item.get("assist", ())) + ("等" if item.get("assist_open") and item.get("assist") else "")
    return Duty(
        org=unit, matrix=matrix, code=str(point["code"]), net=item["net"], title=item["title"], text=point["text"],
        lead=words(item.get("lead", ())), main=words(item.get("main", ())), assist=assist, school_part=part,
        per_term=point.get("times_per_term"),
    )  # fmt: skip


@demo_step("safety.duties", "责任清单", order=30)
def load_duties(world: World) -> None:
    """The county goes by the matrix of the plan."""
    load_matrix_file(LOADER, world.units["county"], SEEDS / "responsibility_matrix.yaml")
