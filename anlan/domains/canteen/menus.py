"""Weekly menus with their dishes: forbidden food refused, published before the week begins or late (S09.3)."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from anlan.domains.canteen.canteens import OfCanteen
from anlan.domains.canteen.rules import MEALS, fault_of, rules_at
from anlan.engines.audit.api import Actor, change
from anlan.kernel import clock
from anlan.kernel.errors import Conflict


def next_monday() -> date:
    """The Monday after today."""
    today = clock.today()
    return today + timedelta(days=7 - today.weekday())


class Menu(OfCanteen):
    """The menu of a canteen for a week."""

    monday = models.DateField("周一日期", default=next_monday, db_index=True)
    note = models.CharField("营养搭配说明", max_length=200, blank=True)
    published_at = models.DateTimeField("公示时间", null=True, editable=False, db_index=True)
    late = models.BooleanField("公示迟了", default=False, editable=False, db_index=True)

    class Meta(OfCanteen.Meta):
        verbose_name = "一周菜谱"
        ordering = ["-monday", "org__path"]
        constraints = [
            models.UniqueConstraint(
                fields=["canteen", "monday"],
                name="canteen_menu_once",
                condition=Q(archived_at=None),
                violation_error_message="这个食堂已有这一周的菜谱",
            )
        ]

    def __str__(self) -> str:
        return f"{self.monday:%Y年%m月%d日}起一周菜谱"

    def get_absolute_url(self) -> str:
        """The menu's page."""
        return f"/canteen/menus/{self.pk}/"

    def faults(self) -> dict[str, str]:
        """A week begins on Monday."""
        return {"monday": "请选择周一的日期"} if self.monday.weekday() else {}


class Dish(OfCanteen):
    """A dish of a menu at one meal of one day."""

    menu = models.ForeignKey(Menu, models.PROTECT, related_name="dishes", verbose_name="菜谱")
    day = models.DateField("日期", db_index=True)
    meal = models.CharField("餐次", max_length=10, choices=MEALS, default="lunch", db_index=True)
    name = models.CharField("菜品", max_length=40)
    ingredients = models.CharField("食材", max_length=200, help_text="用顿号隔开")
    grams = models.PositiveSmallIntegerField("每份（克）", null=True, blank=True)
    allergens = models.CharField("过敏原", max_length=80, blank=True)
    ends_at = models.DateTimeField(editable=False, db_index=True, default=clock.now)

    class Meta(OfCanteen.Meta):
        verbose_name = "菜品"
        ordering = ["day", "meal", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["menu", "day", "meal", "name"],
                name="canteen_dish_once",
                condition=Q(archived_at=None),
                violation_error_message="这一餐已有这道菜",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day:%m-%d} {self.get_meal_display()} {self.name}"

    def get_absolute_url(self) -> str:
        """The dish's page."""
        return f"/canteen/dishes/{self.pk}/"

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """The canteen is the menu's; the end of the meal is as the rules say today."""
        if self.menu_id and self.org_id and self.day and self.meal in dict(MEALS):
            self.canteen = self.menu.canteen
            self.ends_at = rules_at(self.org).ends(self.day, self.meal)
        super().full_clean(*args, **kwargs)

    def faults(self) -> dict[str, str]:
        """A day of another week, a published menu, forbidden food."""
        if self.menu.published_at:
            return {"menu": "已公示的菜谱要先撤回再修改"}
        if not self.menu.monday <= self.day < self.menu.monday + timedelta(days=7):
            return {"day": "不在这份菜谱的一周之内"}
        for name in ("name", "ingredients"):
            if fault := fault_of(self.org, "dish", getattr(self, name)):
                return {name: fault}
        return {}


@transaction.atomic
def publish(actor: Actor, menu: Menu) -> Menu:
    """Show the menu to the bureau and parents; late once its week has begun. Conflict without dishes."""
    dishes = Dish.objects.unscoped().filter(menu=menu, archived_at=None)
    if not dishes.exists():
        raise Conflict("菜谱里还没有菜品")
    for dish in dishes:
        # What was forbidden since it was planned is not served either.
        if fault := fault_of(dish.org, "dish", dish.name, dish.ingredients):
            raise Conflict(f"{dish}：{fault}")
    late = clock.now() >= datetime.combine(menu.monday, time(), clock.zone())
    values = {"published_at": clock.now(), "late": late}
    return change(actor, menu, values, action="publish", expect=Q(published_at=None))


def recall(actor: Actor, menu: Menu) -> Menu:
    """Take the menu back to change it; published again, it is judged by the new time."""
    return change(actor, menu, {"published_at": None}, action="recall", expect=Q(published_at__isnull=False))
