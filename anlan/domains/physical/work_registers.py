"""The ledger of safety works, and their sums by kind, state and unit (N2.07)."""

from typing import Any

from django.db.models import Sum

from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.domains.physical.works import Work, unfinished
from anlan.engines.analytics.api import Analysis, Card, Figure, declare_analysis
from anlan.engines.archives.api import archives
from anlan.engines.registry.api import Ledger, ledger, ledgers


@ledger
class Works(Ledger):
    """Safety works of schools."""

    code = "physical.works"
    model = Work
    title, noun, icon = "安防工程", "项", "settings"
    area, group, order = "safety", "实体防护", 306
    columns = "title kind place org state planned_to builder accepted_on cost"
    filters, search, key = "org kind state planned_to accepted_on", "title place builder scheme", "org title"
    form = "org title kind place scheme planned_to cost builder leader"
    facts = (
        "title kind place org state scheme planned_to cost builder leader began_on built_on accepted_on"
        " acceptors opinion rechecked_on defect"
    )
    files = {
        "built_photos": "完工照片", "accepted_photos": "验收照片",
        "rechecked_photos": "复查照片", "defect_photos": "缺陷照片",
    }  # fmt: skip
    marks = {"late": unfinished}
    views = {"逾期未完工": "late=1", "待验收": "state=built", "退回整改": "state=reopened"}
    while_in = {"edit": "planned building reopened", "archive": "planned off rechecked"}
    example = {
        "title": "教学楼楼梯防滑改造", "kind": "stairs", "place": "教学楼", "planned_to": "2026-12-01",
        "builder": "示例建筑公司", "cost": "3.50",
    }  # fmt: skip
    roles = KEPT_BY_SCHOOL | {"view": f"{KEPT_BY_SCHOOL['view']} inspector"}

    def lede(self, rows: Any, user: Any) -> str:
        """Works and what they cost."""
        here = rows.filter(archived_at=None)
        return f"共 {here.count():,} 项，合计投资 {here.aggregate(n=Sum('cost'))['n'] or 0:,.2f} 万元"


KEPT = ledgers[Works.code]
ALL = Figure("安防工程", KEPT, "archived=0", "项")

declare_analysis(
    Analysis(
        "physical.works",
        "安防工程统计",
        KEPT.permission("view"),
        (
            Card("各类工程", ALL, "kind"),
            Card("办理状态", ALL, "state"),
            Card("各单位逾期未完工", Figure("逾期未完工", KEPT, "late=1", "项"), "org", most=10),
        ),
        (
            ALL,
            Figure("待验收", KEPT, "state=built", "项"),
            Figure("退回整改", KEPT, "state=reopened", "项"),
            Figure("逾期未完工", KEPT, "late=1", "项"),
        ),
        area="safety",
        order=306,
    )
)


archives("physical.works", "drill")
