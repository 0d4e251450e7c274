"""Ledgers of keepers and of the nights they are on duty (D17.4)."""

from typing import Any

from django.db.models import Q

from anlan.base.person_lists import person_list
from anlan.base.roles import ABOVE, AT_SCHOOL, rights
from anlan.domains.dormitory.keepers import Keeper, Night, working
from anlan.engines.registry.api import Ledger, computed, ledger
from anlan.kernel import clock

SEEING = " ".join((*ABOVE, *AT_SCHOOL, "dorm_keeper"))
MANAGING = "school_head school_safety"


def unchecked() -> Q:
    """Condition: at work without a clear background check."""
    return working() & ~Q(background="clear")


def uncertified() -> Q:
    """Condition: at work without a valid certificate of health."""
    return working() & (Q(health_until=None) | Q(health_until__lt=clock.today()))


@ledger
class Keepers(Ledger):
    """Keepers with what they must have before they work with minors."""

    code = "dormitory.keepers"
    model = Keeper
    title, noun, icon = "宿舍管理员", "人", "id-badge-2"
    area, group, order = "dormitory", "宿舍管理员", 300
    columns = "person org background checked health training left_on"
    filters = "org background health_until left_on"
    search = "person__name health_number org__name"
    key = "org person"
    form = "org person background checked_on training health_number health_on health_until left_on"
    expires, watched = "health_until", Q(left_on=None)
    renews = "health_number health_on health_until"
    certificate_title = "健康证（宿舍管理员）"
    certificate = {"holder": "person", "number": "health_number", "issued_on": "health_on"}
    photos = ""
    files = {"check": "背景核查材料", "scan": "健康证扫描件"}
    views = {"在岗": "here=1", "没有背景核查": "unchecked=1", "没有健康证": "uncertified=1"}
    marks = {"here": working, "unchecked": unchecked, "uncertified": uncertified}
    example = {
        "background": "clear",
        "checked_on": "2026-08-20",
        "training": "岗前培训 8 学时",
        "health_number": "SG-1",
    }
    roles = rights(SEEING, MANAGING, export=f"{MANAGING} bureau_safety")

    @computed("核查", "chip")
    def checked(self, row: Any) -> tuple[str, str]:
        """Clear or not."""
        if row.background == "clear":
            return "done", f"{row.checked_on:%Y-%m-%d}"
        return ("late", "有记录，不得上岗") if row.background else ("late", "未核查")

    @computed("健康证", "chip", sort="health_until")
    def health(self, row: Any) -> tuple[str, str]:
        """Valid or not."""
        valid = row.health_until is not None and row.health_until >= clock.today()
        return ("done", f"有效至 {row.health_until:%Y-%m-%d}") if valid else ("late", "无有效健康证")


@ledger
class Nights(Ledger):
    """Who is on duty in which building in which night."""

    code = "dormitory.nights"
    model = Night
    title, noun, icon = "宿舍夜间值班", "班", "calendar-time"
    area, group, order = "dormitory", "宿舍管理员", 310
    columns = "building org night keeper leader handover"
    filters = "org building night keeper"
    search = "building__name keeper__person__name org__name"
    key = "building night keeper"
    form = "org building night keeper leader handover"
    sort = "-night"
    photos = ""
    choices = {"keeper": lambda rows, user: rows.filter(working())}
    example = {"night": "2026-09-01", "handover": "301 室灯管已报修"}
    whose = "keeper__person leader"
    roles = rights(
        SEEING, f"{MANAGING} dorm_keeper", export=f"{MANAGING} bureau_safety", **{"import": MANAGING}
    )

    def refine(self, rows: Any) -> Any:
        """With the names of keepers."""
        return rows.select_related("keeper__person")


person_list("duty", "dormitory.nights")
