"""Ledgers of boarders' leave and of visitors (D17.6)."""

from typing import Any

from django.db.models import Q

from anlan.base.roles import rights
from anlan.domains.dormitory.leaves import Leave, Visit, come_back, not_back, overstayed, sign_out
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, Personal, act, computed, ledger
from anlan.kernel import clock

KEEPING = "school_safety school_head dorm_keeper"
VISITING = Personal("宿舍出入管理", "未成年人保护法 第四十条", "随访客登记保存")


def is_out(leave: Leave) -> bool:
    """Not back yet."""
    return leave.back_at is None and leave.archived_at is None


def is_inside(visit: Visit) -> bool:
    """Not signed out yet."""
    return visit.left_at is None and visit.archived_at is None


@ledger
class Leaves(Ledger):
    """Leave and home-going with consent, time out and back."""

    code = "dormitory.leaves"
    model = Leave
    title, noun, icon = "学生外出请假", "次", "logout"
    area, group, order = "dormitory", "外出与访客", 400
    columns = "boarder kind reason consent starts_at back_by stand back_at org"
    filters = "org kind consent starts_at back_by"
    search = "boarder__code boarder__class_name reason"
    form = "org boarder kind reason consent starts_at back_by"
    choices = {"boarder": Q(left_on=None)}
    sort = "-starts_at"
    files, photos = {"paper": "书面请假条"}, ""
    happenings = {"back": "返校"}
    views = {"未返校": "out=1", "逾期未归": "late=1"}
    marks = {"out": lambda: Q(back_at=None), "late": not_back}
    example = {
        "reason": "周末回家", "consent": "call", "starts_at": "2026-09-04T17:00:00+08:00",
        "back_by": "2026-09-06T18:00:00+08:00",
    }  # fmt: skip
    roles = rights(f"bureau_safety {KEEPING}", KEEPING, export="school_safety school_head", **{"import": ""})

    def locked(self, record: Any, verb: str) -> str:
        """What is over stays as it was."""
        return "" if record.back_at is None else "学生已返校，不能再改"

    @computed("状态", "chip")
    def stand(self, row: Leave) -> tuple[str, str]:
        """Back, out, or out for too long."""
        if row.back_at:
            return "done", "已返校"
        return ("late", "逾期未归") if row.back_by < clock.now() else ("doing", "外出")

    @act(
        "登记返校", "dormitory.leaves.edit", icon="login", kind="primary", when=is_out, effect="记下现在返校"
    )
    def back(self, actor: Actor, record: Leave, values: dict[str, Any]) -> None:
        """Back again."""
        come_back(actor, record)


@ledger
class Visits(Ledger):
    """Visitors to dormitories."""

    code = "dormitory.visits"
    model = Visit
    title, noun, icon = "宿舍访客", "人次", "user-check"
    area, group, order = "dormitory", "外出与访客", 410
    columns = "visitor building boarder reason phone came_at stand left_at org"
    filters = "org building came_at"
    search = "visitor reason building__name"
    form = "org building visitor phone boarder reason came_at"
    choices = {"boarder": Q(left_on=None)}
    masked = {"visitor": "name", "phone": "phone"}
    personal = dict.fromkeys(("visitor", "phone"), VISITING)
    sort = "-came_at"
    photos = ""
    happenings = {"sign_out": "离开", "warn": "超时提醒"}
    views = {"没有离开": "inside=1", "超时没有离开": "late=1"}
    marks = {"inside": lambda: Q(left_at=None), "late": overstayed}
    example = {"visitor": "示例家长", "reason": "送衣物", "came_at": "2026-09-04T17:00:00+08:00"}
    roles = rights(KEEPING, KEEPING, export="school_safety school_head", unmask=KEEPING, **{"import": ""})

    def locked(self, record: Any, verb: str) -> str:
        """What is over stays as it was."""
        return "" if record.left_at is None else "访客已离开，不能再改"

    @computed("状态", "chip")
    def stand(self, row: Visit) -> tuple[str, str]:
        """Gone, inside, or inside for too long."""
        if row.left_at:
            return "done", "已离开"
        return ("late", "超时未离开") if row.leave_by < clock.now() else ("doing", "在访")

    @act(
        "登记离开",
        "dormitory.visits.edit",
        icon="logout",
        kind="primary",
        when=is_inside,
        effect="记下现在离开",
    )
    def leave(self, actor: Actor, record: Visit, values: dict[str, Any]) -> None:
        """Gone."""
        sign_out(actor, record)
