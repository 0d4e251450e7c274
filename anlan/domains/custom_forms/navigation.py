"""The area of collecting data in the rail, and its card on the workbench."""

from django.http import HttpRequest

from anlan.domains.custom_forms.plans import VIEW, Collection
from anlan.domains.custom_forms.registers import Collections
from anlan.engines.analytics.api import Offer, Panel, offer
from anlan.engines.org.api import may
from anlan.engines.registry.api import ledgers
from anlan.shell.navigation import Page, add_area, add_page
from anlan.shell.parts import Item

add_area("collect", "数据填报", "table", order=35)
add_page(Page("collect", "填报", "报表与表单", "/forms/?subject=数据填报", "forms.forms.view", order=40))
STANDINGS = (("未打开", "unopened"), ("填写中", "drafting"), ("已退回", "returned"), ("逾期未交", "overdue"))


def panel(request: HttpRequest) -> Panel | None:
    """What is not handed in yet, by standing; every number opens its list."""
    user = request.user
    if not may(user, VIEW):
        return None
    ledger = ledgers[Collections.code]
    rows = Collection.objects.visible(user, VIEW).filter(archived_at=None)
    counted = [(title, mark, rows.filter(ledger.marks[mark]()).count()) for title, mark in STANDINGS]
    items = [Item(title, f"{ledger.url}?{mark}=1", "", f"{n:,} 份") for title, mark, n in counted if n]
    return Panel("数据填报", items, link=ledger.url) if items else None


offer(Offer("custom_forms", (), (panel,)))
