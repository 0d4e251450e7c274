"""What canteens of the demo county did lately: menus, samples, meals, control, deliveries, hygiene; not all."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal

from anlan.base.demo.steps import LOADER, World, demo_step
from anlan.domains.canteen.canteens import Canteen
from anlan.domains.canteen.control import Control, begin_day
from anlan.domains.canteen.demo import SHOWN
from anlan.domains.canteen.logs import AdditiveUse, Chilling, ColdStore, Disinfection, PestControl, Waste
from anlan.domains.canteen.meals import Meal, Visit
from anlan.domains.canteen.menus import Dish, Menu
from anlan.domains.canteen.papers import Company
from anlan.domains.canteen.rules import DEFAULTS
from anlan.domains.canteen.samples import Sample
from anlan.domains.canteen.stock import Purchase, Stock
from anlan.engines.audit.api import create, create_all
from anlan.engines.tasks.api import close_todos
from anlan.kernel import clock

DISHES = [
    ("番茄炒蛋", "番茄、鸡蛋", "鸡蛋"),
    ("红烧鸡腿", "鸡腿、生姜、酱油", "大豆"),
    ("清炒上海青", "上海青、大蒜", ""),
    ("冬瓜排骨汤", "冬瓜、排骨", ""),
    ("土豆烧牛肉", "土豆、牛肉、胡萝卜", ""),
    ("紫菜虾皮汤", "紫菜、虾皮", "虾"),
]
GOODS = [
    ("大米", "grain", "300", 365),
    ("猪肉", "meat", "60", 3),
    ("鸡蛋", "egg", "45", 30),
    ("上海青", "vegetable", "40", 3),
]
KEEPER = "陈师傅"


def _shown(world: World) -> Iterator[tuple[str, Canteen]]:
    for name in SHOWN:
        unit = world.accounts[f"{name}-head"].unit
        canteen = Canteen.objects.unscoped().filter(org=unit).select_related("org").first()
        if canteen is not None:
            yield name, canteen


@demo_step("canteen.menus", "食堂菜谱与留样", order=37)
def load_menus(world: World) -> None:
    """This week and last week with samples of most dishes; next week still to be published."""
    monday = world.today - timedelta(days=world.today.weekday())
    for _, canteen in _shown(world):
        for weeks in (-1, 0, 1):
            start = monday + timedelta(days=7 * weeks)
            at = None if weeks == 1 else datetime.combine(start - timedelta(days=3), time(15), clock.zone())
            said = {"org": canteen.org, "canteen": canteen}
            menu = create(
                LOADER, Menu(**said, monday=start, published_at=at, note="荤素搭配，每天不少于 12 种食材")
            )
            dishes = create_all(LOADER, list(_dishes(world, menu)))
            served = [dish for dish in dishes if dish.ends_at < clock.now() and world.rng.random() < 0.95]
            create_all(LOADER, [_sample(dish) for dish in served])


def _dishes(world: World, menu: Menu) -> Iterator[Dish]:
    for step in range(5):
        day = menu.monday + timedelta(days=step)
        for name, ingredients, allergens in world.rng.sample(DISHES, 4):
            yield Dish(
                org=menu.org, canteen=menu.canteen, menu=menu, day=day, meal="lunch", name=name,
                ingredients=ingredients, grams=120, allergens=allergens, ends_at=DEFAULTS.ends(day, "lunch"),
            )  # fmt: skip


def _sample(dish: Dish) -> Sample:
    at = dish.ends_at - timedelta(minutes=40)
    over = at + timedelta(hours=50)
    return Sample(
        org=dish.org, canteen=dish.canteen, dish=dish, grams=135, at=at, keeper=KEEPER, place="留样冰箱 1 号",
        disposed_at=over if over < clock.now() else None,
    )  # fmt: skip


@demo_step("canteen.days", "食堂陪餐与管控", order=38)
def load_days(world: World) -> None:
    """Two weeks of meals and steps; most of them done."""
    for back in range(12, -1, -1):
        begin_day(world.today - timedelta(days=back))
    for name, canteen in _shown(world):
        people = [world.accounts[f"{name}-{post}"] for post in ("head", "safety", "contact")]
        meals = Meal.objects.unscoped().filter(canteen=canteen, ends_at__lt=clock.now())
        create_all(
            LOADER,
            [
                Visit(
                    org=canteen.org, canteen=canteen, day=meal.day, meal=meal.meal, person=people[number % 3],
                    taste=4 - number % 2, problem="汤的温度不够" if number == 5 else "",
                )
                for number, meal in enumerate(meals)
                if world.rng.random() < 0.9
            ],
        )  # fmt: skip
        _sign_steps(world, canteen, {"day": world.accounts.get(f"{name}-canteen"), "week": people[1]})


def _sign_steps(world: World, canteen: Canteen, signers: dict[str, object]) -> None:
    rows = Control.objects.unscoped().filter(canteen=canteen, due_at__lt=clock.now())
    for step in rows.filter(level__in=[level for level, person in signers.items() if person]):
        if world.rng.random() < 0.12:
            continue
        safe = world.rng.random() < 0.85
        Control.unguarded.filter(pk=step.pk).update(
            safe=safe, findings="" if safe else "备餐间紫外线灯损坏", measures="" if safe else "当日更换并复查",
            signer=signers[step.level], signed_at=step.due_at - timedelta(hours=8),
        )  # fmt: skip
        close_todos(step)


@demo_step("canteen.stock", "食堂采购与卫生台账", order=38)
def load_stock(world: World) -> None:
    """Deliveries in every state, what is in stock, and a week of hygiene."""
    supplier, lapsed = Company.objects.unscoped().filter(service="supply").order_by("-licence_until")[:2]
    for name, canteen in _shown(world):
        said = {"org": canteen.org, "canteen": canteen}
        first, second = world.accounts[f"{name}-safety"], world.accounts[f"{name}-contact"]
        signed = {"first": first, "second": second, "accepted_at": clock.now(), "state": "accepted"}
        for number, (goods, category, amount, days) in enumerate(GOODS):
            common = {
                **said,
                "goods": goods,
                "category": category,
                "amount": Decimal(amount),
                "shelf_days": days,
            }
            made = world.today - timedelta(days=1)
            create(
                LOADER, Purchase(**common, supplier=supplier, produced_on=made, delivered_on=made, **signed)
            )
            create(LOADER, Stock(**said, goods=goods, unit="千克", amount=Decimal(amount) / 2))
            if number < 2:
                create(LOADER, Purchase(**common, supplier=lapsed if number else supplier, produced_on=made))
        _hygiene(world, canteen)


def _hygiene(world: World, canteen: Canteen) -> None:
    said = {"org": canteen.org, "canteen": canteen}
    store = create(LOADER, ColdStore(**said, name="冷藏柜 1 号"))
    waste = Company.objects.unscoped().filter(service="waste").first()
    for back in range(8):
        entry = {**said, "day": world.today - timedelta(days=back), "by": KEEPER}
        if world.rng.random() < 0.9:
            create(LOADER, Disinfection(**entry, things="餐盘、筷子、汤勺", strength="100℃ 蒸汽", minutes=20))
        if world.rng.random() < 0.9:
            create(LOADER, Chilling(**entry, store=store, degrees=Decimal("11.5" if back == 3 else "4.0")))
        create(LOADER, Waste(**entry, kilograms=Decimal(30 + back), taker=waste, driver="刘师傅"))
    entry = {**said, "day": world.today, "by": KEEPER}
    create(
        LOADER, AdditiveUse(**entry, additive="泡打粉", product="泡打粉 A1", dish="馒头", grams=Decimal(20))
    )
    create(LOADER, PestControl(**entry, measures="检查挡鼠板，更换粘鼠板"))
