"""Item by item: what school, group and bureau write down, and hazards made of it (SAF.06, SAF.13-SAF.15)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from anlan.domains.safety.hazards import Hazard, Source
from anlan.domains.safety.intake import file_hazard
from anlan.domains.safety.special import SpecialPart
from anlan.domains.safety.special_results import VERDICTS, SpecialResult
from anlan.engines.audit.api import Actor, change
from anlan.engines.files.api import attachments_of
from anlan.engines.org.api import declare_permission, require
from anlan.engines.registry.api import RiskCategory
from anlan.kernel.errors import Conflict, Forbidden, Rejected

LEVELS = {"school": ("waiting", "returned"), "group": ("group",), "bureau": ("bureau",)}
RIGHTS = {level: f"safety.special_parts.judge_{level}" for level in LEVELS}
declare_permission(RIGHTS["school"], "专项检查：填写自查", ("school_head",))
declare_permission(RIGHTS["group"], "专项检查：小组逐项确认", ("inspector", "team_admin"))
declare_permission(RIGHTS["bureau"], "专项检查：教育局逐项确认", ("bureau_safety",))
RAISE = declare_permission(
    "safety.special_parts.raise",
    "专项检查：不合格项转隐患",
    ("hazard_raiser", "bureau_safety", "school_head", "school_safety"),
).code


def _require(actor: Actor, permission: str, part: SpecialPart, in_group: bool = False) -> None:
    """Forbidden without the right over the school; the group's level belongs to the group alone."""
    covered = require(actor.user, permission).covers(part.org.path)
    if part.entrusts(actor.user) if in_group else covered or part.entrusts(actor.user):
        return
    raise Forbidden(permission)


@transaction.atomic
def judge(actor: Actor, part: SpecialPart, level: str, said: Mapping[int, tuple[str, str]]) -> None:
    """Write one level's verdicts and texts by item id; Conflict outside its turn, Rejected for bad input.

    An empty verdict leaves the item open, so that people can save part-way.
    """
    _require(actor, RIGHTS[level], part, in_group=level == "group")
    if part.state not in LEVELS[level]:
        raise Conflict(f"当前状态是“{part.state_shown.title}”")
    results = {row.item_id: row for row in SpecialResult.objects.unscoped().filter(part=part)}
    if faults := _faults(results, said):
        raise Rejected(faults)
    for item, (verdict, text) in said.items():
        values = {f"{level}_verdict": verdict, f"{level}_text": text.strip()}
        change(actor, results[item], values)


def _faults(results: Mapping[int, Any], said: Mapping[int, tuple[str, str]]) -> dict[str, str]:
    faults = {f"verdict-{item}": "没有这个检查项目" for item in said if item not in results}
    for item, (verdict, text) in said.items():
        if verdict not in ("", *dict(VERDICTS)):
            faults[f"verdict-{item}"] = "请选择结论"
        elif verdict == "fail" and not text.strip():
            faults[f"text-{item}"] = "不合格要写明情况"
    return faults


@transaction.atomic
def raise_hazard(actor: Actor, result: SpecialResult, category: RiskCategory) -> Hazard:
    """Make a hazard of an item not passed; asking again gives the same hazard."""
    part = result.part
    _require(actor, RAISE, part)
    row: SpecialResult = SpecialResult.objects.unscoped().select_for_update().get(pk=result.pk)
    if row.hazard is not None:
        return row.hazard
    if not row.failed:
        raise Conflict("这一项没有判为不合格")
    if part.state == "withdrawn":
        raise Conflict("检查已撤回")
    text = row.bureau_text or row.group_text or row.school_text
    hazard = file_hazard(
        actor,
        Hazard(
            org=part.org,
            title=row.item.wording[:120],
            detail=text,
            category=category,
            source=Source.SPECIAL,
            source_key=f"special:{row.pk}",
            source_url=part.get_absolute_url(),
            reporter=actor.name,
        ),
        attachments_of(row, "evidence"),
    )
    change(actor, row, {"hazard": hazard}, action="raise")
    return hazard
