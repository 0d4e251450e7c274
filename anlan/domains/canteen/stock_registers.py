"""Ledgers of purchases, stock and withdrawals (S09.2)."""

from typing import Any

from django import forms

from anlan.base.roles import rights
from anlan.domains.canteen.canteen_registers import KEEPERS, SEEING
from anlan.domains.canteen.canteens import OfCanteen
from anlan.domains.canteen.stock import Purchase, Stock, Withdrawal, accept, obstacles, refuse, withdraw
from anlan.engines.archives.api import archives
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import declare_permission
from anlan.engines.registry.api import Ledger, Personal, act, block, computed, ledger

ACCEPTING = ("school_safety", "school_head", "canteen_manager", "school_contact", "staff")
WORKING = "school_safety school_head canteen_manager"
ACCEPT = declare_permission("canteen.purchases.accept", "采购：验收", ACCEPTING).code
TAKE = declare_permission("canteen.stock.take", "库存：领用出库", tuple(WORKING.split())).code
TONES = {"waiting": "todo", "half": "doing", "accepted": "done", "refused": "idle"}


class RefuseForm(forms.Form):
    """Why it is sent back."""

    reason = forms.CharField(label="拒收原因", max_length=200, widget=forms.Textarea)


class TakeForm(forms.Form):
    """How much, and by whom."""

    amount = forms.DecimalField(label="领用数量", min_value=0.01, max_digits=10, decimal_places=2)
    taker = forms.CharField(label="领用人", max_length=40)


def is_open(purchase: Purchase) -> bool:
    """Neither in stock nor refused."""
    return purchase.state in ("waiting", "half") and purchase.archived_at is None


def is_there(stock: OfCanteen) -> bool:
    """Something is left."""
    return isinstance(stock, Stock) and stock.amount > 0


@ledger
class Purchases(Ledger):
    """Deliveries, accepted by two persons."""

    code = "canteen.purchases"
    model = Purchase
    title, noun, icon = "采购验收", "批", "scale"
    area, group, order = "canteen", "采购库存", 300
    columns = "goods amount unit category supplier canteen org delivered_on keeps stand first second"
    filters = "org canteen category state delivered_on supplier"
    search = "goods batch supplier__name org__name"
    sections = {
        "货物": "org canteen supplier goods category batch produced_on shelf_days",
        "数量": "amount unit price delivered_on",
    }
    facts = (
        "goods amount unit price category batch produced_on shelf_days keeps supplier canteen org "
        "delivered_on stand first second accepted_at refusal"
    )
    files = {"note": "送货单", "certificate": "合格证明", "report": "检验检疫报告", "photo": "验收照片"}
    views = {"待验收": "state=waiting&state=half", "已拒收": "state=refused"}
    while_in = {"edit": "waiting", "archive": "waiting refused"}
    happenings = {"accept": "验收", "refuse": "拒收"}
    photos = "验收照片和凭证"
    example = {
        "goods": "大米",
        "produced_on": "2026-08-20",
        "delivered_on": "2026-09-01",
        "shelf_days": 365,
        "amount": "50",
    }
    roles = rights(SEEING, WORKING, **{"import": "", "export": KEEPERS})

    @computed("状态", "chip")
    def stand(self, row: Purchase) -> tuple[str, str]:
        """Waiting, half accepted, in stock, refused."""
        return TONES[row.state], row.get_state_display()

    @computed("保质期至", "date")
    def keeps(self, row: Purchase) -> Any:
        """The last day of the shelf life."""
        return row.best_before

    @act("验收", ACCEPT, icon="check", kind="primary", when=is_open, effect="两个人各验收一次后入库")
    def accept(self, actor: Actor, record: Purchase, values: dict[str, Any]) -> None:
        """One of two persons."""
        accept(actor, record)

    @act("拒收", ACCEPT, form=RefuseForm, icon="x", kind="danger", when=is_open)
    def refuse(self, actor: Actor, record: Purchase, values: dict[str, Any]) -> None:
        """Sent back."""
        refuse(actor, record, values["reason"])

    @block("验收条件", "canteen/obstacles.html")
    def obstacles(self, request: Any, record: Purchase) -> dict[str, Any] | None:
        """What stands against it."""
        return {"found": obstacles(record)} if is_open(record) else None


@ledger
class Stocks(Ledger):
    """What is there, by goods."""

    code = "canteen.stock"
    model = Stock
    readonly = True
    title, noun, icon = "食堂库存", "种", "box"
    area, group, order = "canteen", "采购库存", 310
    columns = "goods canteen org amount unit updated_at"
    filters = "org canteen"
    search = "goods canteen__name org__name"
    photos = ""
    happenings = {"receive": "入库", "withdraw": "出库"}
    roles = {"view": SEEING, "export": KEEPERS}

    @act("领用出库", TAKE, form=TakeForm, icon="minus", kind="primary", when=is_there)
    def take_out(self, actor: Actor, record: Stock, values: dict[str, Any]) -> None:
        """For the kitchen."""
        withdraw(actor, record.canteen, record, values["amount"], values["taker"])


@ledger
class Withdrawals(Ledger):
    """What was taken out."""

    code = "canteen.withdrawals"
    model = Withdrawal
    readonly = True
    title, noun, icon = "领用出库", "次", "files"
    area, group, order = "canteen", "采购库存", 320
    columns = "stock__goods amount stock__unit canteen org taker at created_by"
    filters = "org canteen at"
    search = "stock__goods taker"
    personal = {"taker": Personal("食材追溯", "食品安全法 第五十五条", "随出库记录保存")}
    photos = ""
    roles = {"view": SEEING, "export": KEEPERS}


archives("canteen.purchases", "ledger", "accepted refused")
