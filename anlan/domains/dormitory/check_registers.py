"""Ledger of checks of rooms and buildings, and the rooms not checked in the period (D17.5)."""

from typing import Any

from django.db.models import Max, Q

from anlan.base.roles import ABOVE, AT_SCHOOL, rights
from anlan.domains.dormitory.buildings import Room
from anlan.domains.dormitory.checks import FOUND, RoomCheck, conclude, unchecked, waiting
from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Ledger, act, computed, ledger

SEEING = " ".join((*ABOVE, *AT_SCHOOL, "dorm_keeper"))
CHECKING = "school_safety school_head dorm_keeper"


@ledger
class Checks(Ledger):
    """Checks with what was found."""

    code = "dormitory.checks"
    model = RoomCheck
    title, noun, icon = "宿舍检查", "次", "clipboard-check"
    area, group, order = "dormitory", "安全检查", 500
    columns = "day building room shift problems result handled org created_by"
    facts = "building room day shift problems note handled result url org created_by concluded_at"
    filters = "org building day shift exit_locked appliance"
    search = "building__name room__number note"
    form = "org building room day shift exit_locked appliance wiring fire window structure banned hygiene note handled"
    sort = "-day"
    files, photos = {"photo": "现场照片"}, "现场照片"
    happenings = {"conclude": "办结", "file": "转为隐患"}
    views = {
        "转为隐患": "hazard=1",
        "待传照片": "waiting=1",
        "违规用电器": "appliance=1",
        "安全出口": "exit_locked=1",
    }
    marks = {"hazard": lambda: ~Q(url=""), "waiting": waiting}
    example = {"day": "2026-09-01", "note": "未发现问题"}
    roles = rights(
        SEEING, CHECKING, edit="", **{"import": ""}, export="bureau_safety school_head school_safety"
    )

    @computed("发现的问题")
    def problems(self, row: RoomCheck) -> str:
        """In words."""
        return "、".join(FOUND[name][0] for name in row.found())

    @computed("结果", "chip")
    def result(self, row: RoomCheck) -> tuple[str, str]:
        """Nothing found, put right, a hazard, or waiting for a picture."""
        if not row.found():
            return "done", "未发现问题"
        if row.url:
            return "doing", "已转为隐患"
        return ("todo", "待传照片") if row.appliance and not row.concluded_at else ("done", "当场处理")

    @act(
        "提交违规电器", "dormitory.checks.add", icon="send", kind="primary",
        when=lambda check: check.appliance and not check.concluded_at,
        effect="照片随检查保存；按要求应转隐患的转为隐患",
    )  # fmt: skip
    def conclude(self, actor: Actor, record: RoomCheck, values: dict[str, Any]) -> str:
        """With its picture."""
        return conclude(actor, record)


@ledger
class Unchecked(Ledger):
    """Rooms by when they were last checked."""

    code = "dormitory.room_checks"
    model = Room
    readonly = True
    title, noun, icon = "房间检查情况", "间", "list-check"
    area, group, order = "dormitory", "安全检查", 510
    columns = "number building floor org last"
    filters = "org building floor"
    search = "number building__name org__name"
    sort = "pk"
    photos = ""
    views = {"到期未查": "unchecked=1"}
    marks = {"unchecked": unchecked}
    roles = {"view": SEEING, "export": "bureau_safety school_head school_safety"}

    def refine(self, rows: Any) -> Any:
        """With the day of the last check."""
        return rows.annotate(last_check=Max("checks__day", filter=Q(checks__archived_at=None)))

    @computed("最近检查", "date", sort="last_check")
    def last(self, row: Any) -> Any:
        """The day, or nothing."""
        return row.last_check
