"""The ledger of risk categories, and the eleven the platform begins with (X.16)."""

from anlan.domains.safety.risks import RiskCategory
from anlan.engines.org.api import OrgUnit, SiteBegun
from anlan.engines.registry.api import Ledger, ledger
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


@ledger
class RiskCategories(Ledger):
    """Renamed or taken out of use, never deleted."""

    code = "safety.risk_categories"
    model = RiskCategory
    title, noun, icon = "风险类别", "类别", "settings"
    area, group, order = "safety", "设置", 910
    columns = "title code org order retired"
    filters = "org retired"
    search = "title code"
    sort = "order"
    key = "org code"
    example = {"code": "traffic", "title": "交通安全"}
    roles = {
        "view": f"{KEEPERS} bureau_leader inspector school_safety school_head",
        "add": KEEPERS,
        "edit": KEEPERS,
        "import": KEEPERS,
        "export": KEEPERS,
    }


@events.on(SiteBegun)
def begin(event: SiteBegun) -> None:
    """A new site begins with them at its topmost unit."""
    lay_down(event.unit)


def lay_down(unit: OrgUnit) -> list[RiskCategory]:
    """The eleven categories at a unit, usually the top one; those there already are left alone."""
    for order, (code, title) in enumerate(CATEGORIES.items(), 1):
        RiskCategory.unguarded.get_or_create(org=unit, code=code, defaults={"title": title, "order": order})
    return list(RiskCategory.objects.unscoped().filter(org=unit))
