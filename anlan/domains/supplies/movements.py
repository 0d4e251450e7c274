"""What is taken out of stocks of emergency supplies and put in; never altered (R.31)."""

from django.db import models, transaction

from anlan.base.roles import ABOVE, AT_SCHOOL
from anlan.domains.supplies.stocks import Stock
from anlan.engines.audit.api import Actor, change, create
from anlan.engines.registry.api import Entry, Ledger, ledger
from anlan.kernel.errors import Rejected


class Movement(Entry):
    """Something taken out for an event, put back in, or written off; never altered."""

    REASONS = [("use", "应急使用"), ("drill", "演练使用"), ("refill", "补充"), ("waste", "过期报废")]

    stock = models.ForeignKey(Stock, models.PROTECT, related_name="movements", verbose_name="物资")
    reason = models.CharField("事由", max_length=8, choices=REASONS, db_index=True)
    amount = models.PositiveIntegerField("数量")
    left = models.PositiveIntegerField("余量")
    event = models.CharField("事件或说明", max_length=200, blank=True)

    class Meta(Entry.Meta):
        verbose_name = "应急物资出入库"


@transaction.atomic
def move_stock(actor: Actor, stock: Stock, reason: str, amount: int, event: str = "") -> Movement:
    """Take out or put in; Rejected where there is less than is to be taken, Conflict for a lost race."""
    fresh: Stock = Stock.objects.unscoped().select_for_update().get(pk=stock.pk)
    left = fresh.amount + (amount if reason == "refill" else -amount)
    if left < 0:
        raise Rejected({"amount": f"只有 {fresh.amount} {fresh.unit}，不能取出 {amount} {fresh.unit}"})
    change(actor, fresh, {"amount": left}, action=reason)
    row = Movement(org=fresh.org, stock=fresh, reason=reason, amount=amount, left=left, event=event)
    return create(actor, row)


@ledger
class Movements(Ledger):
    """What went in and out."""

    model = Movement
    readonly = True
    title, noun, area, group, order = "应急物资出入库", "次", "upkeep", "应急物资", 510
    columns = "stock reason amount left event created_by created_at org"
    filters, search = "org stock reason", "event stock__name"
    example = {"reason": "use", "amount": 1, "left": 0}
    roles = {
        "view": " ".join((*ABOVE, *AT_SCHOOL)),
        "export": " ".join((*ABOVE, "school_head", "school_safety")),
    }
