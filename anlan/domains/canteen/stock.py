"""What is bought, accepted by two persons or refused, and what is in stock (S09.2)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import Q

from anlan.domains.canteen.canteens import Canteen, OfCanteen
from anlan.domains.canteen.papers import Company
from anlan.domains.canteen.rules import GOODS, rules_at
from anlan.engines.audit.api import Actor, change, create
from anlan.engines.files.api import attachments_of
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected

STATES = [("waiting", "待验收"), ("half", "待第二人验收"), ("accepted", "已入库"), ("refused", "已拒收")]
LEAST = MinValueValidator(Decimal("0.01"))


def amount_field(title: str, **more: Any) -> Any:
    """An amount in the unit of the goods, to two places."""
    return models.DecimalField(title, max_digits=10, decimal_places=2, **more)


def user_field(title: str) -> Any:
    """Somebody who signed for it."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name=title
    )  # fmt: skip


class Purchase(OfCanteen):
    """A delivery of one kind of goods; ``shelf_days`` counts from the day of production."""

    supplier = models.ForeignKey(
        Company,
        models.PROTECT,
        related_name="purchases",
        verbose_name="供货单位",
        limit_choices_to={"service": "supply"},
    )
    goods = models.CharField("品名", max_length=40, db_index=True)
    category = models.CharField("类别", max_length=10, choices=GOODS, default="other", db_index=True)
    batch = models.CharField("批号", max_length=40, blank=True)
    produced_on = models.DateField("生产日期")
    shelf_days = models.PositiveSmallIntegerField("保质期（天）", validators=[MinValueValidator(1)])
    amount = amount_field("数量", validators=[LEAST])
    unit = models.CharField("单位", max_length=10, default="千克")
    price = models.DecimalField(
        "单价（元）", max_digits=9, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    delivered_on = models.DateField("到货日期", default=clock.today, db_index=True)
    state = models.CharField(
        "状态", max_length=10, choices=STATES, default="waiting", editable=False, db_index=True
    )
    first = user_field("第一验收人")
    second = user_field("第二验收人")
    accepted_at = models.DateTimeField("入库时间", null=True, editable=False)
    refusal = models.CharField("拒收原因", max_length=200, blank=True, editable=False)

    class Meta(OfCanteen.Meta):
        verbose_name = "采购验收"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.goods} {self.amount}{self.unit}"

    def get_absolute_url(self) -> str:
        """The record's page."""
        return f"/canteen/purchases/{self.pk}/"

    def faults(self) -> dict[str, str]:
        """Produced after it came."""
        return {"produced_on": "生产日期不能晚于到货日期"} if self.produced_on > self.delivered_on else {}

    @property
    def best_before(self) -> date:
        """The last day of the shelf life."""
        return self.produced_on + timedelta(days=self.shelf_days)


class Stock(OfCanteen):
    """How much of some goods a canteen has; follows purchases and withdrawals only."""

    goods = models.CharField("品名", max_length=40)
    unit = models.CharField("单位", max_length=10)
    amount = amount_field("现有数量", default=0)

    class Meta(OfCanteen.Meta):
        verbose_name = "食堂库存"
        ordering = ["canteen", "goods"]
        constraints = [
            models.UniqueConstraint(fields=["canteen", "goods", "unit"], name="canteen_stock_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="canteen_stock_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.goods} {self.amount}{self.unit}"

    def get_absolute_url(self) -> str:
        """The record's page."""
        return f"/canteen/stock/{self.pk}/"


class Withdrawal(OfCanteen):
    """Taken out of stock for the kitchen."""

    stock = models.ForeignKey(Stock, models.PROTECT, related_name="withdrawals", verbose_name="库存")
    amount = amount_field("领用数量", validators=[LEAST])
    taker = models.CharField("领用人", max_length=40)
    at = models.DateTimeField("领用时间", default=clock.now, editable=False, db_index=True)

    class Meta(OfCanteen.Meta):
        verbose_name = "领用出库"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.stock.goods} {self.amount}{self.stock.unit}"

    def get_absolute_url(self) -> str:
        """The record's page."""
        return f"/canteen/withdrawals/{self.pk}/"


def obstacles(purchase: Purchase) -> list[str]:
    """Why the delivery cannot be accepted, in words."""
    today, supplier = clock.today(), purchase.supplier
    found = []
    if purchase.best_before < today:
        found.append(f"已过保质期（{purchase.best_before}）")
    if supplier.licence_until is None or supplier.licence_until < today:
        found.append("供货单位没有有效许可证")
    if not attachments_of(purchase, "certificate"):
        found.append("没有上传合格证明")
    needs_report = purchase.category in rules_at(purchase.org).reports_for.split()
    if needs_report and not attachments_of(purchase, "report"):
        found.append(f"{purchase.get_category_display()}要有检验检疫报告")
    if not attachments_of(purchase, "photo"):
        found.append("没有上传验收照片")
    return found


@transaction.atomic
def accept(actor: Actor, purchase: Purchase) -> Purchase:
    """One of two persons accepts; with the second the goods are in stock. Rejected with what stands against it
    or for the same person again, Conflict where it was decided meanwhile.
    """
    if against := obstacles(purchase):
        raise Rejected({"": "不能验收：" + "；".join(against)})
    if purchase.state == "waiting":
        values = {"state": "half", "first": actor.user}
        return change(actor, purchase, values, action="accept", expect=Q(state="waiting"))
    if actor.user is None or purchase.first_id == actor.user.pk:
        raise Rejected({"": "要由另一个人验收"})
    values = {"state": "accepted", "second": actor.user, "accepted_at": clock.now()}
    change(actor, purchase, values, action="accept", expect=Q(state="half"))
    _move(actor, _stock_of(actor, purchase), purchase.amount, "receive")
    return purchase


def refuse(actor: Actor, purchase: Purchase, reason: str) -> Purchase:
    """Sent back; nothing comes into stock."""
    values = {"state": "refused", "refusal": reason}
    return change(actor, purchase, values, action="refuse", expect=Q(state__in=("waiting", "half")))


def _stock_of(actor: Actor, purchase: Purchase) -> Stock:
    """The stock the goods go to, made where it is not there yet."""
    said = {"canteen": purchase.canteen, "goods": purchase.goods, "unit": purchase.unit}
    found: Stock | None = Stock.objects.unscoped().filter(**said).first()
    return found or create(actor, Stock(org=purchase.org, **said))


def _move(actor: Actor, stock: Stock, amount: Decimal, action: str) -> Stock:
    """Add to the stock, or take from it, on the row as it is now; Conflict where less is left."""
    fresh: Stock = Stock.objects.unscoped().select_for_update().get(pk=stock.pk)
    if fresh.amount + amount < 0:
        raise Conflict(f"库存只有 {fresh.amount}{fresh.unit}，不够领用")
    return change(
        actor, fresh, {"amount": fresh.amount + amount}, action=action, expect=Q(amount__gte=-amount)
    )


@transaction.atomic
def withdraw(actor: Actor, canteen: Canteen, stock: Stock, amount: Decimal, taker: str) -> Withdrawal:
    """Take goods out; Conflict where there is not enough, or somebody else was first."""
    _move(actor, stock, -amount, "withdraw")
    said = {"stock": stock, "amount": amount, "taker": taker}
    return create(actor, Withdrawal(org=canteen.org, canteen=canteen, **said))
