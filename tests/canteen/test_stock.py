"""Deliveries accepted by two persons, and stock that never falls below zero (S09.2)."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from anlan.domains.canteen.stock import Purchase, Stock, Withdrawal, accept, refuse, withdraw
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected
from tests.canteen.conftest import WEDNESDAY, Kitchen, at
from tests.safety.test_races import at_once


def bought(kitchen: Kitchen, supplier: Any, **said: Any) -> Purchase:
    """Ten kilograms of rice."""
    made = clock.today() - timedelta(days=3)
    values = {
        "goods": "大米",
        "category": "grain",
        "produced_on": made,
        "shelf_days": 30,
        "amount": Decimal(10),
    }
    return kitchen.own(Purchase, **{**values, "supplier": supplier, **said})


@pytest.mark.requirement("S09.2")
def test_only_good_goods_are_accepted_by_two_persons_and_come_into_stock(kitchen: Kitchen) -> None:
    supplier, lapsed = kitchen.company(1), kitchen.company(2, days=-1)
    first, second = kitchen.actor(kitchen.cook), kitchen.actor(kitchen.safety)
    wrong = {
        "已过保质期": bought(kitchen, supplier, shelf_days=2),
        "没有有效许可证": bought(kitchen, lapsed),
        "检验检疫报告": bought(kitchen, supplier, category="meat"),
    }
    for reason, purchase in wrong.items():
        kitchen.hand_in(purchase, "certificate", "photo")
        with pytest.raises(Rejected, match=reason):
            accept(first, purchase)
    rice = bought(kitchen, supplier)
    for missing, slot in (("合格证明", "certificate"), ("验收照片", "photo")):
        with pytest.raises(Rejected, match=missing):
            accept(first, rice)
        kitchen.hand_in(rice, slot)
    accept(first, rice)
    assert not Stock.objects.unscoped().exists()
    with pytest.raises(Rejected, match="另一个人"):
        accept(first, rice)
    accept(second, rice)
    assert Stock.objects.unscoped().get().amount == 10
    with pytest.raises(Conflict):
        accept(second, rice)
    refuse(second, wrong["没有有效许可证"], "供货单位许可证过期")
    assert Stock.objects.unscoped().get().amount == 10


@pytest.mark.requirement("S09.2")
@pytest.mark.django_db(transaction=True)
def test_two_who_take_the_same_goods_at_once_do_not_take_more_than_there_is() -> None:
    with at(WEDNESDAY, 9):
        kitchen = Kitchen()
        stock = kitchen.own(Stock, goods="大米", unit="千克", amount=Decimal(10))
        actor = kitchen.actor(kitchen.cook)

    def take() -> None:
        withdraw(actor, kitchen.canteen, stock, Decimal(6), "陈师傅")

    assert at_once(take, take) == ["done", "refused"]
    assert Stock.objects.unscoped().get().amount == 4
    assert Withdrawal.objects.unscoped().count() == 1
    with pytest.raises(Conflict, match="不够领用"):
        take()
    withdraw(actor, kitchen.canteen, stock, Decimal(4), "陈师傅")
    assert Stock.objects.unscoped().get().amount == 0
