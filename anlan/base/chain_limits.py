"""The ledger of how long a chain may stand still, by unit (X.2)."""

from anlan.base.roles import ABOVE
from anlan.engines.registry.api import Ledger, ledger
from anlan.engines.workflow.api import StallLimit

KEEPERS = "bureau_safety team_admin"


@ledger
class StallLimits(Ledger):
    """One line per unit; the nearest at or above counts."""

    code = "base.stall_limits"
    model = StallLimit
    title, noun, icon = "停滞期限", "期限", "settings"
    area, group, order = "base", "基础", 200
    columns = "org days"
    filters = "org"
    search = "org__name"
    key = "org"
    sort = "org__path"
    example = {"days": 7}
    roles = {"view": " ".join(ABOVE), "add": KEEPERS, "edit": KEEPERS, "archive": KEEPERS, "export": KEEPERS}
