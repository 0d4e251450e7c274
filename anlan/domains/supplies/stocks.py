"""Stocks of emergency supplies with norm, expiry and keeper; every use and refill is written down (R.31)."""

from typing import Any

from django import forms
from django.db import models, transaction
from django.db.models import F, Q

from anlan.base.people import person_field
from anlan.base.roles import ABOVE, AT_SCHOOL, KEPT_BY_SCHOOL
from anlan.engines.audit.api import Actor, change, create
from anlan.engines.registry.api import Entry, Ledger, act, computed, ledger, unique
from anlan.kernel.errors import Rejected

KINDS = [
    ("first_aid", "医疗急救"),
    ("food", "食品饮水"),
    ("communication", "通信照明"),
    ("protection", "防护用品"),
    ("rescue", "抢险救援"),
    ("other", "其他"),
]
EDIT = "supplies.stocks.edit"


class Stock(Entry):
    """One kind of supply at one place; ``amount`` is only changed by what is used and refilled."""

    name = models.CharField("物资名称", max_length=60, db_index=True)
    kind = models.CharField("类别", max_length=14, choices=KINDS, db_index=True)
    unit = models.CharField("计量单位", max_length=10, default="件")
    place = models.CharField("存放地点", max_length=60)
    batch = models.CharField("批次", max_length=40, blank=True)
    amount = models.PositiveIntegerField("现有数量", default=0)
    norm = models.PositiveIntegerField("配备标准", default=0)
    expires_on = models.DateField(
        "有效期至", null=True, blank=True, db_index=True, help_text="没有有效期的不填"
    )
    keeper = person_field("保管人")

    class Meta(Entry.Meta):
        verbose_name = "应急物资"
        constraints = [unique("supplies_stock_once", "org name place batch", "这个地点已有这一批物资")]

    def __str__(self) -> str:
        return f"{self.name}（{self.place}）"


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


def lacking() -> Q:
    """Condition: below the norm."""
    return Q(amount__lt=F("norm"))


class UseForm(forms.Form):
    """What is taken out."""

    amount = forms.IntegerField(label="数量", min_value=1)
    reason = forms.ChoiceField(label="事由", choices=[row for row in Movement.REASONS if row[0] != "refill"])
    event = forms.CharField(label="事件或说明", max_length=200)


class RefillForm(forms.Form):
    """What is put in."""

    amount = forms.IntegerField(label="数量", min_value=1, max_value=1_000_000)
    event = forms.CharField(label="来源或说明", max_length=200, required=False)


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
class Stocks(Ledger):
    """Stocks."""

    model = Stock
    title, noun, area, group, order = "应急物资", "项", "upkeep", "应急物资", 500
    columns = "name kind place batch amount norm unit enough expires_on validity keeper org"
    filters, search, key = "org kind name expires_on", "name place batch", "org name place batch"
    offers = "name"
    form = "org name kind unit place batch norm expires_on keeper"
    expires, watched = "expires_on", Q(amount__gt=0)
    labels = True
    files = {"photo": "照片"}
    marks = {"lacking": lacking}
    views = {"低于配备标准": "lacking=1", "即将到期": "validity=expiring", "已过期": "validity=expired"}
    example = {
        "name": "急救包",
        "kind": "first_aid",
        "place": "卫生室",
        "norm": 10,
        "batch": "2026-1",
        "amount": 5,
    }
    roles = KEPT_BY_SCHOOL

    @computed("配备", "chip")
    def enough(self, row: Stock) -> tuple[str, str]:
        """Up to the norm, or how many are missing."""
        short = row.norm - row.amount
        return ("late", f"差 {short} {row.unit}") if short > 0 else ("done", "达标")

    @act("取用", EDIT, form=UseForm, when=lambda row: row.archived_at is None)
    def use(self, actor: Actor, record: Stock, values: dict[str, Any]) -> str:
        """Out of the store, for an event, a drill, or because it went bad."""
        move_stock(actor, record, values["reason"], values["amount"], values["event"])
        return ""

    @act("补充", EDIT, form=RefillForm, kind="primary",
         when=lambda row: row.archived_at is None)  # fmt: skip
    def refill(self, actor: Actor, record: Stock, values: dict[str, Any]) -> str:
        """Into the store."""
        move_stock(actor, record, "refill", values["amount"], values["event"])
        return ""


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
