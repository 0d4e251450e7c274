"""Item by item: what school, group and bureau write down, and hazards made of it (SAF.06, SAF.13-SAF.15)."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from anlan.domains.safety.hazards import Hazard, Source
from anlan.domains.safety.intake import file_hazard
from anlan.domains.safety.risks import RiskCategory
from anlan.domains.safety.special import VERDICTS, SpecialCheck, SpecialItem, SpecialPart, SpecialResult
from anlan.engines.audit.api import Actor, log, validate
from anlan.engines.org.api import declare_permission, require
from anlan.kernel.errors import Conflict, Forbidden, Rejected

LEVELS = {"school": ("waiting", "returned"), "group": ("group",), "bureau": ("bureau",)}
declare_permission("safety.special_parts.judge_school", "专项检查：填写自查", ("school_head",))
declare_permission("safety.special_parts.judge_group", "专项检查：小组逐项确认", ("inspector", "team_admin"))
declare_permission("safety.special_parts.judge_bureau", "专项检查：教育局逐项确认", ("bureau_safety",))
declare_permission(
    "safety.special_parts.raise",
    "专项检查：不合格项转隐患",
    ("inspector", "team_admin", "bureau_safety", "school_head", "school_safety"),
)


@transaction.atomic
def add_item(actor: Actor, check: SpecialCheck, values: dict[str, Any]) -> SpecialItem:
    """One more item of a check still in draft."""
    if check.state != "draft":
        raise Conflict("检查已发布，不能再改项目")
    last = check.items.order_by("-number").values_list("number", flat=True).first() or 0
    item = SpecialItem(check_of=check, number=last + 1, **values)
    validate(item)
    item.save()
    log(actor, "add-item", check, after={"item": item.wording, "standard": item.standard})
    return item


@transaction.atomic
def judge(actor: Actor, part: SpecialPart, level: str, said: Mapping[int, tuple[str, str]]) -> None:
    """Write one level's verdicts and texts by item id; Conflict outside its turn, Rejected for bad input."""
    permission = f"safety.special_parts.judge_{level}"
    if not require(actor.user, permission).covers(part.org.path):
        raise Forbidden(permission)
    if part.state not in LEVELS[level]:
        raise Conflict(f"当前状态是“{part.state_shown.title}”")
    results = {row.item_id: row for row in part.results.select_for_update().select_related("item")}
    faults = _faults(results, said)
    if faults:
        raise Rejected(faults)
    for item, (verdict, text) in said.items():
        setattr(results[item], f"{level}_verdict", verdict)
        setattr(results[item], f"{level}_text", text.strip())
    fields = [f"{level}_verdict", f"{level}_text"]
    SpecialResult.objects.bulk_update([results[item] for item in said], fields)
    log(actor, f"judge:{level}", part, after={str(item): list(pair) for item, pair in said.items()})


def _faults(results: Mapping[int, Any], said: Mapping[int, tuple[str, str]]) -> dict[str, str]:
    faults = {f"item-{item}": "没有这个检查项目" for item in said if item not in results}
    for item, (verdict, text) in said.items():
        if verdict not in dict(VERDICTS):
            faults[f"item-{item}"] = "请选择结论"
        elif verdict == "fail" and not text.strip():
            faults[f"item-{item}"] = "不合格要写明情况"
    return faults


@transaction.atomic
def raise_hazard(actor: Actor, result: SpecialResult, category: RiskCategory) -> Hazard:
    """Make a hazard of an item not passed; asking again gives the same hazard."""
    part = result.part
    if not require(actor.user, "safety.special_parts.raise").covers(part.org.path):
        raise Forbidden("safety.special_parts.raise")
    if result.hazard is not None:
        return result.hazard
    if not result.failed:
        raise Conflict("这一项没有判为不合格")
    text = result.bureau_text or result.group_text or result.school_text
    hazard = file_hazard(
        actor,
        Hazard(
            org=part.org,
            title=result.item.wording[:120],
            detail=text,
            category=category,
            source=Source.SPECIAL,
            source_key=f"special:{result.pk}",
            source_url=part.get_absolute_url(),
            reporter=actor.name,
        ),
    )
    SpecialResult.objects.filter(pk=result.pk).update(hazard=hazard)
    return hazard
