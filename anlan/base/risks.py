"""The ledger of risk categories, and the eleven the platform begins with (X.16)."""

from typing import Any

from anlan.base.risk_uses import where_used, with_uses
from anlan.base.roles import ABOVE
from anlan.engines.org.api import OrgUnit, SiteBegun
from anlan.engines.registry.api import Ledger, RiskCategory, computed, ledger
from anlan.kernel import events

CATEGORIES = {
    "fire": "消防安全",
    "facility": "设施设备",
    "health": "公共卫生",
    "sexual_assault": "校园性侵",
    "hostage": "劫持人质",
    "bullying": "学生欺凌",
    "sports": "体育运动伤害",
    "disaster": "自然灾害",
    "violence": "校园暴力",
    "infectious": "传染病",
    "food": "食品安全",
}
KEEPERS = "bureau_safety team_admin"
VIEW = "base.risk_categories.view"


@ledger
class RiskCategories(Ledger):
    """Renamed or taken out of use; deleted only while nothing names it."""

    code = "base.risk_categories"
    model = RiskCategory
    title, noun, icon = "风险类别", "类别", "settings"
    area, group, order = "safety", "设置", 910
    columns = "title code org order retired used"
    filters = "org retired"
    search = "title code"
    sort = "order"
    key = "org code"
    example = {"code": "traffic", "title": "交通安全"}
    roles = {
        "view": " ".join((*ABOVE, "inspector", "school_safety", "school_head")),
        "add": KEEPERS,
        "edit": KEEPERS,
        "archive": KEEPERS,
        "import": KEEPERS,
        "export": KEEPERS,
    }

    def refine(self, rows: Any) -> Any:
        """With what names them."""
        return with_uses(rows)

    @computed("用在")
    def used(self, row: RiskCategory) -> str:
        """What names it."""
        return where_used(row) or "未使用"

    def locked(self, record: RiskCategory, verb: str) -> str:
        """What is named somewhere is taken out of use instead."""
        used = where_used(record) if verb == "archive" else ""
        return f"用在：{used}。不能删除，只能改名或停用" if used else ""

    def clean(self, user: Any, record: Any, values: dict[str, Any]) -> dict[str, str]:
        """The code stays while something names the kind by it."""
        code = values.get("code", record.code) if record else None
        if record is None or code == record.code or not where_used(record):
            return {}
        return {"code": "已在使用，代码不能改，可以改名称"}


@events.on(SiteBegun)
def begin(event: SiteBegun) -> None:
    """A new site begins with them at its topmost unit."""
    lay_down(event.unit)


def lay_down(unit: OrgUnit) -> list[RiskCategory]:
    """The eleven categories at a unit, usually the top one; those there already are left alone."""
    for order, (code, title) in enumerate(CATEGORIES.items(), 1):
        RiskCategory.unguarded.get_or_create(org=unit, code=code, defaults={"title": title, "order": order})
    return list(RiskCategory.objects.unscoped().filter(org=unit))
