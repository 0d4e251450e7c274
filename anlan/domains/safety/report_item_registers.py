"""The ledger of kinds of incident a school chooses from (D07.1)."""

from anlan.domains.safety.report_registers import BUREAU, SCHOOL, WATCHERS
from anlan.domains.safety.reports import ReportItem
from anlan.engines.registry.api import Ledger, ledger


@ledger
class ReportItems(Ledger):
    """Kinds of incident."""

    code = "safety.report_items"
    model = ReportItem
    title, noun, icon = "事件类别", "类", "settings"
    area, group, order = "safety", "设置", 945
    columns = "title order retired org"
    search = "title"
    key = "org title"
    sort = "order"
    example = {"title": "食品安全", "order": 10}
    roles = {"view": f"{WATCHERS} {SCHOOL}"} | dict.fromkeys(("add", "edit", "archive", "export"), BUREAU)
