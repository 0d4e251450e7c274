"""Stocks of emergency supplies with norm, expiry and keeper (R.31)."""

from django.db import models
from django.db.models import F, Q

from anlan.base.handing_on import passes_on
from anlan.base.people import person_field
from anlan.base.person_lists import person_list
from anlan.engines.registry.api import Entry, unique

KINDS = [
    ("first_aid", "医疗急救"),
    ("food", "食品饮水"),
    ("communication", "通信照明"),
    ("protection", "防护用品"),
    ("rescue", "抢险救援"),
    ("other", "其他"),
]


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


def lacking() -> Q:
    """Condition: below the norm."""
    return Q(amount__lt=F("norm"))


passes_on(Stock, "keeper")
person_list("charge", "supplies.stocks")
