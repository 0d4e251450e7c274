"""Emergency supplies of the demo county: most up to the norm, some short, some near their end."""

from datetime import timedelta

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.domains.supplies.stocks import Stock
from anlan.engines.audit.api import create_all

SHOWN = 60
GOODS = [
    ("急救包", "first_aid", "卫生室", "个", 10, 900),
    ("饮用水", "food", "食堂库房", "箱", 20, 400),
    ("应急照明灯", "communication", "值班室", "只", 12, 0),
    ("防汛沙袋", "rescue", "器材室", "袋", 60, 0),
]


@demo_step("supplies.stocks", "应急物资", order=41)
def load_supplies(world: World) -> None:
    """Four kinds of goods at each of some schools."""
    rows = []
    for school in world.schools[:SHOWN]:
        keeper = next(iter(world.staff.get(school.org_id, ())), None)
        for name, kind, place, unit, norm, lasts in GOODS:
            amount = max(0, norm + world.rng.choice([-4, 0, 0, 2, 5]))
            ends = world.today + timedelta(days=world.rng.choice([-10, 20, lasts, lasts])) if lasts else None
            rows.append(
                Stock(
                    org=school.org, name=name, kind=kind, place=place, unit=unit, norm=norm, amount=amount,
                    expires_on=ends, keeper=keeper, batch=f"{world.today.year}-1",
                )
            )  # fmt: skip
    create_all(LOADER, rows, action="load")
