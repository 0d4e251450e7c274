"""Moves of special checks and of each school's part: no level is skipped (SAF.06, SAF.13-SAF.15)."""

from typing import Any

from anlan.domains.safety.special import SpecialCheck, SpecialPart
from anlan.domains.safety.special_results import SpecialResult
from anlan.engines.workflow.api import Workflow, back, doing, done, idle, move, review, todo

BUREAU = "bureau_safety team_admin"


def _has_items(check: SpecialCheck, user: Any) -> str | None:
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

    publish = move("发布检查", "draft", "published", by=BUREAU, guard=_has_items, duty=False)
    end = move("结束检查", "published", "ended", by=BUREAU, duty=False, archives=True)
    withdraw = move("撤回", "draft published", "withdrawn", by=BUREAU, duty=False, outlined=True)


def left_open(part: SpecialPart, level: str) -> int:
    """How many items the level has not judged yet."""
    return int(SpecialResult.unguarded.filter(part=part, **{f"{level}_verdict": ""}).count())


def _unfinished(part: SpecialPart, level: str) -> str | None:
    return "还有检查项目没有填完" if left_open(part, level) else None


def _filled(part: SpecialPart, _: Any) -> str | None:
    return _unfinished(part, "school")


def _leads(part: SpecialPart, user: Any) -> str | None:
    return None if part.group.leader_id == user.pk else "由检查小组组长确认"


def _group(part: SpecialPart) -> list[Any]:
    return [part.group.leader, *part.group.members.exclude(pk=part.group.leader_id)]


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
    stages = {
        "学校自查": "waiting returned",
        "小组确认": "group",
        "教育局确认": "bureau",
        "办结": "confirmed withdrawn",
    }

    submit = move(
        "提交自查",
        "waiting returned",
        "group",
        by="school_head",
        needs="findings",
        takes="evidence",
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
        desk=_group,
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
