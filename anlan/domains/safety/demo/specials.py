"""Special checks of the demo county: one long ended, one under way, one in draft."""

from datetime import datetime, timedelta
from typing import Any

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.domains.safety.groups import GroupAssignment
from anlan.domains.safety.hazards import Hazard, Source
from anlan.domains.safety.special import CLOSES_AT, SpecialCheck, SpecialItem, SpecialPart
from anlan.domains.safety.special_items import add_from_template
from anlan.domains.safety.special_results import SpecialResult
from anlan.engines.audit.api import create, create_all
from anlan.engines.forms.api import FormDefinition
from anlan.engines.registry.api import RiskCategory
from anlan.kernel import clock

EVERY, HAZARDS = 5, 9
STATES = ["waiting", "waiting", "group", "group", "bureau", "returned", "confirmed", "confirmed", "confirmed"]
LEVELS = {"waiting": 0, "returned": 1, "group": 1, "bureau": 2, "confirmed": 3}
FOUND = "情况与标准不符，已拍照，正在整改"
CHECKS = [("春季校舍安全专项检查", -190, "ended"), ("秋季消防安全专项检查", 12, "published")]


@demo_step("safety.specials", "专项检查", order=30)
def load_specials(world: World) -> None:
    """Every fifth school and those people sign in to."""
    forms = list(FormDefinition.objects.unscoped().filter(org=world.units["county"], state="in_use"))
    forms = [form for form in forms if form.code != "site_requirements"]
    for at, (title, days, state) in enumerate(CHECKS):
        check = _check(world, title, days)
        add_from_template(LOADER, check, forms[at % len(forms)])
        SpecialCheck.unguarded.filter(pk=check.pk).update(state=state)
        _parts(world, check, state)
    add_from_template(LOADER, _check(world, "冬季食堂与饮用水专项检查", 40), forms[-1])


def _check(world: World, title: str, days: int) -> SpecialCheck:
    shown = {world.accounts[f"{name}-head"].unit_id for name in ("school", "primary", "kinder")}
    chosen = [s.org for at, s in enumerate(world.schools) if at % EVERY == 0 or s.org_id in shown]
    ends = world.today + timedelta(days=days)
    words = "各校对照检查项目逐项自查，上传照片；检查小组逐项核实；不合格的转为隐患限期整改。"
    check = SpecialCheck(
        org=world.units["county"], title=title, requirements=words, responsible=world.accounts["bureau"]
    )
    check.finish_on, check.state = ends, "ended" if days < 0 else "draft"
    create(LOADER, check)
    check.schools.set(chosen)
    if days < 0:
        SpecialCheck.unguarded.filter(pk=check.pk).update(state="draft")
        check.state = "draft"
    return check


def _parts(world: World, check: SpecialCheck, state: str) -> None:
    rows = (
        GroupAssignment.objects.unscoped().filter(org__in=check.schools.all()).select_related("group", "org")
    )
    due = datetime.combine(check.finish_on, CLOSES_AT, clock.zone())
    parts = [_part(world, check, row, "confirmed" if state == "ended" else "") for row in rows]
    for part in parts:
        part.due_at = due if part.state != "confirmed" else None
    create_all(LOADER, parts)
    items = list(check.items.all())
    results = [_result(world, part, item) for part in parts for item in items]
    failed = [row for row in results if row.bureau_verdict == "fail"]
    risk = RiskCategory.objects.unscoped().get(org=check.org, code="facility")
    for row in failed[:HAZARDS]:
        row.hazard = create(LOADER, _hazard(row, risk, state))
    create_all(LOADER, results, action="load")


def _hazard(row: SpecialResult, risk: RiskCategory, state: str) -> Hazard:
    found = Hazard(
        org=row.org,
        title=row.item.wording[:120],
        detail=row.bureau_text,
        category=risk,
        source=Source.SPECIAL,
    )
    found.source_key, found.source_url = f"special:{row.part_id}:{row.item_id}", row.part.get_absolute_url()
    found.state = "closed" if state == "ended" else "assigned"
    return found


def _part(world: World, check: SpecialCheck, row: GroupAssignment, state: str) -> SpecialPart:
    part = SpecialPart(check_of=check, org=row.org, group=row.group)
    part.state = state or world.rng.choice(STATES)
    level = LEVELS[part.state]
    part.reached = min(level, 2)
    part.findings = "已对照标准逐项自查，问题已列出" if level else ""
    part.group_summary = "现场核实，与自查一致" if level > 1 else ""
    part.bureau_summary = "同意小组意见" if level > 2 else ""
    part.opinion = "第 2 项照片不清，请补拍后再报" if part.state == "returned" else ""
    part.archived_at = clock.now() if part.state == "confirmed" else None
    return part


def _result(world: World, part: SpecialPart, item: SpecialItem) -> SpecialResult:
    verdict = "fail" if world.rng.random() < 0.07 else "pass"
    text = FOUND if verdict == "fail" else ""
    said: dict[str, Any] = {}
    for at, name in enumerate(("school", "group", "bureau"), 1):
        if LEVELS[part.state] >= at:
            said |= {f"{name}_verdict": verdict, f"{name}_text": text}
    return SpecialResult(org=part.org, part=part, item=item, **said)
