"""Meals of every day, who eats with the pupils, and what they found (S09.6)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from anlan.domains.canteen.canteens import Canteen, OfCanteen
from anlan.domains.canteen.rules import MEALS, RuleBook, rules_at
from anlan.engines.audit.api import Actor, Written, change, create_all
from anlan.engines.org.api import declare_permission
from anlan.engines.tasks.api import close_todos, day_end, is_working_day, open_todo, terms_of
from anlan.kernel import clock, events

CAPACITIES = [("leader", "学校负责人"), ("parent", "家长代表"), ("other", "其他")]
RATES = [(5, "很好"), (4, "较好"), (3, "一般"), (2, "较差"), (1, "很差")]
HOST, PROBLEM = "canteen.accompany", "canteen.problem"
SETTLE = declare_permission(
    "canteen.visits.settle", "陪餐问题：处理", ("canteen_manager", "school_safety")
).code
AROUND = timedelta(days=240)


class Meal(OfCanteen):
    """A meal of a canteen on a day; ``host`` is on the roster to eat with the pupils."""

    day = models.DateField("日期", db_index=True)
    meal = models.CharField("餐次", max_length=10, choices=MEALS, db_index=True)
    begins_at = models.DateTimeField("开餐时间")
    ends_at = models.DateTimeField("结束时间", db_index=True)
    host = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="安排陪餐人"
    )  # fmt: skip

    class Meta(OfCanteen.Meta):
        verbose_name = "供餐餐次"
        ordering = ["-day", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["canteen", "day", "meal"], name="canteen_meal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.canteen} {self.day:%m-%d} {self.get_meal_display()}"

    def get_absolute_url(self) -> str:
        """The meal's page."""
        return f"/canteen/meals/{self.pk}/"


class Visit(OfCanteen):
    """Somebody ate with the pupils: a leader with an account, or a parent by name."""

    day = models.DateField("日期", default=clock.today, db_index=True)
    meal = models.CharField("餐次", max_length=10, choices=MEALS, default="lunch", db_index=True)
    capacity = models.CharField("身份", max_length=8, choices=CAPACITIES, default="leader", db_index=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="陪餐人"
    )  # fmt: skip
    visitor = models.CharField("姓名（没有账号的）", max_length=40, blank=True)
    taste = models.PositiveSmallIntegerField("味道", choices=RATES, default=4)
    hygiene = models.PositiveSmallIntegerField("卫生", choices=RATES, default=4)
    price = models.PositiveSmallIntegerField("价格", choices=RATES, default=4)
    problem = models.CharField("发现的问题", max_length=300, blank=True)
    measures = models.CharField("处理情况", max_length=300, blank=True, editable=False)
    settled_at = models.DateTimeField("处理时间", null=True, editable=False, db_index=True)

    class Meta(OfCanteen.Meta):
        verbose_name = "陪餐记录"
        ordering = ["-day", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "day", "meal"],
                name="canteen_visit_once",
                condition=Q(archived_at=None, person__isnull=False),
                violation_error_message="此人这一餐已有陪餐记录，不能同时在两个食堂",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day:%m-%d} {self.get_meal_display()} {self.person or self.visitor}"

    def get_absolute_url(self) -> str:
        """The record's page."""
        return f"/canteen/visits/{self.pk}/"

    def faults(self) -> dict[str, str]:
        """Nobody named, or a meal that has not begun."""
        found: dict[str, str] = {}
        if not self.person and not self.visitor:
            found["person"] = "请选择陪餐人，没有账号的填写姓名"
        if rules_at(self.org).begins(self.day, self.meal) > clock.now():
            found["day"] = "这一餐还没有开始"
        return found


def unaccompanied() -> Q:
    """Condition on meals: over, and no leader ate there."""
    there = Visit.unguarded.filter(
        canteen=OuterRef("canteen"),
        day=OuterRef("day"),
        meal=OuterRef("meal"),
        capacity="leader",
        archived_at=None,
    )
    return Q(~Exists(there), ends_at__lte=clock.now(), archived_at=None)


def serves(canteen: Canteen, day: date) -> bool:
    """Whether the canteen cooks on the day: not closed, a working day or open at weekends, within a term if
    the unit has terms.
    """
    if canteen.closed(day) or not (canteen.weekend or is_working_day(day)):
        return False
    terms = terms_of(canteen.org, day - AROUND, day + AROUND)
    return not terms or any(first <= day <= last for first, last in terms)


def lay_out(actor: Actor, canteens: Iterable[Canteen], day: date) -> list[Meal]:
    """The meals of these canteens on the day; those that are there already stay."""
    book, canteens = RuleBook(), list(canteens)
    known = set(Meal.objects.unscoped().filter(day=day).values_list("canteen", "meal"))
    rows = []
    for canteen in canteens:
        rules = book.at(canteen.org)
        rows += [
            Meal(
                org=canteen.org, canteen=canteen, day=day, meal=meal,
                begins_at=rules.begins(day, meal), ends_at=rules.ends(day, meal),
            )
            for meal in canteen.meals
            if (canteen.pk, meal) not in known
        ]  # fmt: skip
    return create_all(actor, rows)


@transaction.atomic
def roster(actor: Actor, meal: Meal, person: Any) -> Meal:
    """The person is to eat there; the matter is on the desk until the record is made."""
    close_todos(meal, actor.user, (HOST,))
    change(actor, meal, {"host": person})
    url = f"/canteen/visits/new?org={meal.org_id}"
    open_todo(meal, HOST, f"陪餐：{meal}", url, verb="登记", user=person, due_at=meal.ends_at)
    return meal


@events.on(Written)
def follow_visit(event: Written) -> None:
    """A record takes the meal off the host's desk; a problem found goes on the desk of who settles it."""
    visit = event.record
    if not isinstance(visit, Visit) or event.action != "create":
        return
    meals = Meal.objects.unscoped().filter(canteen=visit.canteen_id, day=visit.day, meal=visit.meal)
    for meal in meals if visit.capacity == "leader" else ():
        close_todos(meal, event.actor.user, (HOST,))
    if visit.problem:
        due = day_end(clock.today() + timedelta(days=3))
        title, url = f"陪餐问题：{visit.problem}", visit.get_absolute_url()
        open_todo(visit, PROBLEM, title, url, verb="处理", permission=SETTLE, due_at=due)


@transaction.atomic
def settle(actor: Actor, visit: Visit, measures: str) -> Visit:
    """What was done about the problem."""
    values = {"measures": measures, "settled_at": clock.now()}
    change(actor, visit, values, action="settle", expect=Q(settled_at=None))
    close_todos(visit, actor.user, (PROBLEM,))
    return visit
