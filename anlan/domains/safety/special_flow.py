"""Moves of special checks and of each school's part: no level is skipped (SAF.06, SAF.13-SAF.15)."""

from datetime import datetime
from typing import Any

from anlan.domains.safety.groups import GroupAssignment
from anlan.domains.safety.special import CLOSES_AT, SpecialCheck, SpecialPart, SpecialResult
from anlan.engines.audit.api import Actor, create
from anlan.engines.org.api import scope
from anlan.engines.tasks.api import close_todos
from anlan.engines.workflow.api import Moved, Workflow, back, doing, done, idle, move, review, todo
from anlan.kernel import clock, events
from anlan.kernel.errors import Rejected

BUREAU = "bureau_safety team_admin"


def _in_charge(check: SpecialCheck, user: Any) -> str | None:
    return None if check.items.exists() else "请先添加检查项目"


class SpecialCheckFlow(Workflow):
    """Drafted, published to the schools, ended or withdrawn."""

    code = "safety.special_checks"
    title = "专项检查"
    model = SpecialCheck
    states = {
        "draft": idle("草稿"),
        "published": doing("检查中"),
        "ended": done("已结束"),
        "withdrawn": idle("已撤回"),
    }
    initial, final = "draft", "ended withdrawn"

    publish = move("发布检查", "draft", "published", by=BUREAU, guard=_in_charge, duty=False)
    end = move("结束检查", "published", "ended", by=BUREAU, duty=False, archives=True)
    withdraw = move("撤回", "draft published", "withdrawn", by=BUREAU, duty=False, outlined=True)


def _unfinished(part: SpecialPart, level: str) -> str | None:
    return "还有检查项目没有填完" if part.results.filter(**{f"{level}_verdict": ""}).exists() else None


def _filled(part: SpecialPart, _: Any) -> str | None:
    return _unfinished(part, "school")


def _leads(part: SpecialPart, user: Any) -> str | None:
    return None if part.group.leader_id == user.pk else "由检查小组组长确认"


def _leads_and_judged(part: SpecialPart, user: Any) -> str | None:
    return _leads(part, user) or _unfinished(part, "group")


def _judged(part: SpecialPart, _: Any) -> str | None:
    return _unfinished(part, "bureau")


class SpecialPartFlow(Workflow):
    """School, then group, then bureau; each return goes to the school and passes the group again."""

    code = "safety.special_parts"
    title = "学校专项检查"
    model = SpecialPart
    states = {
        "waiting": todo("待自查"),
        "group": review("待小组确认"),
        "bureau": review("待教育局确认"),
        "returned": back("退回重查"),
        "confirmed": done("已确认"),
        "withdrawn": idle("已撤回"),
    }
    initial, final = "waiting", "confirmed withdrawn"
    files = "evidence"

    submit = move(
        "提交自查",
        "waiting returned",
        "group",
        by="school_head",
        needs="findings",
        guard=_filled,
        sets={"reached": 1},
        within_days=5,
    )
    group_confirm = move(
        "小组确认",
        "group",
        "bureau",
        by="inspector team_admin",
        needs="group_summary",
        guard=_leads_and_judged,
        sets={"reached": 2},
        within_days=5,
    )
    group_return = move(
        "退回学校",
        "group",
        "returned",
        by="inspector team_admin",
        needs="opinion",
        guard=_leads,
        within_days=5,
        outlined=True,
        duty=False,
    )
    bureau_confirm = move(
        "教育局确认",
        "bureau",
        "confirmed",
        by="bureau_safety",
        needs="bureau_summary",
        guard=_judged,
        archives=True,
    )
    bureau_return = move(
        "退回学校",
        "bureau",
        "returned",
        by="bureau_safety",
        needs="opinion",
        within_days=5,
        outlined=True,
        duty=False,
    )
    withdraw = move(
        "撤回",
        "waiting group bureau returned",
        "withdrawn",
        by="bureau_safety team_admin",
        duty=False,
        outlined=True,
    )


@events.on(Moved)
def hand_out(event: Moved) -> None:
    """Publication gives every school its part with its group; a school without one blocks it."""
    check = event.record
    if isinstance(check, SpecialCheck) and event.move.name == "publish":
        _hand_out(event.actor, check)
    if isinstance(check, SpecialCheck) and event.move.name == "withdraw":
        for part in check.parts.exclude(state__in=("confirmed", "withdrawn")):
            SpecialPart.unguarded.filter(pk=part.pk).update(state="withdrawn", due_at=None)
            close_todos(part, event.actor.user)


def _hand_out(actor: Actor, check: SpecialCheck) -> None:
    schools = list(check.schools.all())
    found = scope(actor.user, "safety.special_checks.publish") if actor.user else None
    groups = {
        row.org_id: row.group
        for row in GroupAssignment.objects.unscoped()
        .filter(org__in=schools, archived_at=None)
        .select_related("group")
    }
    faults = [f"{school}不在您的管理范围内" for school in schools if found and not found.covers(school.path)]
    faults += [f"{school}还没有分配检查小组" for school in schools if school.pk not in groups]
    if faults or not schools:
        raise Rejected({"schools": faults or ["请选择检查学校"]})
    if check.finish_on < clock.today():
        raise Rejected({"finish_on": "完成日期不能早于今天"})
    due = datetime.combine(check.finish_on, CLOSES_AT, clock.zone())
    items = list(check.items.all())
    for school in schools:
        part = create(actor, SpecialPart(check_of=check, org=school, group=groups[school.pk], due_at=due))
        SpecialResult.objects.bulk_create([SpecialResult(part=part, item=item) for item in items])
