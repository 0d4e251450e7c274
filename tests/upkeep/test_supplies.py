"""Emergency supplies: below the norm, near their end, used in an event, summed for a region (R.31)."""

from datetime import timedelta
from typing import Any

import pytest

from anlan.domains.supplies.models import Movement, Stock
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.registry.api import ledgers, number_of
from tests.upkeep.test_fire import TODAY, Ground, ground

URL = "/supplies/stocks/"
__all__ = ["ground"]


@pytest.mark.requirement("R.31")
def test_supplies_are_kept_used_refilled_and_summed_for_a_region(ground: Ground) -> None:
    client, stocks = ground.web(), ledgers["supplies.stocks"]
    sent: dict[str, Any] = {
        "org": ground.school.pk, "name": "急救包", "kind": "first_aid", "unit": "个", "place": "卫生室",
        "batch": "2026-1", "norm": 10, "expires_on": (TODAY + timedelta(days=30)).isoformat(),
        "keeper": ground.person.pk,
    }  # fmt: skip
    assert client.post(f"{URL}new", sent).status_code == 303
    stock = Stock.unguarded.get()
    assert number_of(stocks, ground.bureau, "lacking=1") == 1
    refill, use = f"{URL}{stock.pk}/act/refill", f"{URL}{stock.pk}/act/use"
    assert client.post(refill, {"amount": 12, "event": "采购"}).status_code == 303
    assert number_of(stocks, ground.bureau, "lacking=1") == 0
    assert number_of(stocks, ground.bureau, "validity=expiring") == 1, "30 days before"
    event = {"reason": "use", "event": "10 月 20 日运动会学生受伤"}
    assert client.post(use, {**event, "amount": 3}).status_code == 303
    stock.refresh_from_db()
    assert stock.amount == 9
    assert number_of(stocks, ground.bureau, "lacking=1") == 1
    for wrong in (10, -1, 0):
        assert client.post(use, {**event, "amount": wrong}).status_code == 422
    stock.refresh_from_db()
    assert stock.amount == 9
    assert list(Movement.unguarded.order_by("pk").values_list("reason", "amount", "left")) == [
        ("refill", 12, 12), ("use", 3, 9),
    ]  # fmt: skip
    others = (
        (ground.tree.sister_school, 30, 90),
        (ground.tree.sister_school, 5, -1),
        (ground.tree.far_school, 70, 90),
    )
    for number, (unit, amount, days) in enumerate(others):
        said = {"name": "急救包", "kind": "first_aid", "unit": "个", "place": f"库{number}", "norm": 1}
        create(SYSTEM, Stock(org=unit, amount=amount, expires_on=TODAY + timedelta(days=days), **said))
    bureau = ground.web(ground.bureau)
    page = bureau.get("/supplies/summary/").content.decode()
    line = page.partition("急救包")[2].partition("</tr>")[0]
    assert ">39<" in line, "what can still be used, of the county only"
    assert ">5<" in line, "what has expired"
    town = bureau.get(f"/supplies/summary/?area={ground.school.pk}&kind=first_aid").content.decode()
    assert ">9<" in town
    assert bureau.get(f"/supplies/summary/?area={ground.tree.far_school.pk}").status_code == 422
    assert ground.web(ground.stranger).get(f"{URL}{stock.pk}/").status_code == 404
