"""Shifts of fire control rooms: who is on duty, and whether two of them hold a certificate (D14.3)."""

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from anlan.base.handing_on import passes_on
from anlan.base.people import Person
from anlan.base.roles import KEPT_BY_SCHOOL
from anlan.domains.fire.duties import Duty
from anlan.engines.registry.api import Entry, Ledger, computed, ledger, unique
from anlan.kernel import clock

OPERATOR = "消防控制室值班员"


class Shift(Entry):
    """A shift of a control room; ``exception`` says why somebody without a certificate is on it."""

    room = models.CharField("消防控制室", max_length=40, default="消防控制室")
    name = models.CharField("班次", max_length=20)
    operators = models.ManyToManyField(Person, related_name="+", blank=True, verbose_name="值班员")
    needed = models.PositiveSmallIntegerField("应有持证人数", default=2, validators=[MinValueValidator(1)])
    exception = models.CharField("无证上岗例外说明", max_length=200, blank=True)

    class Meta(Entry.Meta):
        verbose_name = "消防控制室班次"
        constraints = [unique("fire_shift_once", "org room name", "已有这个班次")]

    def __str__(self) -> str:
        return f"{self.room} {self.name}"


def certificates(people: Any = None) -> Any:
    """Valid certificates of operators, of some people where they are named."""
    rows = Duty.unguarded.filter(
        Q(valid_to=None) | Q(valid_to__gte=clock.today()),
        archived_at=None,
        duty=OPERATOR,
        person__left_on=None,
    )
    return rows if people is None else rows.filter(person__in=people)


def certified() -> Any:
    """Expression: how many of the shift hold a valid certificate."""
    through = Shift.operators.through.objects.filter(shift=OuterRef("pk"))
    held: Any = through.filter(Exists(certificates().filter(person=OuterRef("person"))))
    counted = held.values("shift").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


@ledger
class Shifts(Ledger):
    """Shifts, and which of them lack certified people."""

    model = Shift
    title, noun, area, group, order = "消防控制室值班", "班", "upkeep", "消防", 212
    columns = "room name operators staffed needed exception org"
    filters, search, key = "org", "room name", "org room name"
    marks = {"short": lambda: Q(certified__lt=F("needed")), "excepted": lambda: ~Q(exception="")}
    views = {"持证人数不足": "short=1", "有无证例外": "excepted=1"}
    example = {"room": "消防控制室", "name": "白班", "needed": 2, "exception": "持证人员培训中"}
    roles = KEPT_BY_SCHOOL

    def refine(self, rows: Any) -> Any:
        """With the number of certified people."""
        return rows.annotate(certified=certified())

    @computed("持证", "chip")
    def staffed(self, row: Any) -> tuple[str, str]:
        """Enough certified people or not."""
        words = f"{row.certified} 人持证"
        return ("done", words) if row.certified >= row.needed else ("late", f"{words}，不足")

    def clean(self, user: Any, record: Any, values: dict[str, Any]) -> dict[str, str]:
        """Nobody without a certificate, unless the exception is written down."""
        people = values.get("operators", record.operators.all() if record else [])
        if values.get("exception", getattr(record, "exception", "")):
            return {}
        held = set(certificates(people).values_list("person", flat=True))
        lacking = [str(person) for person in people if person.pk not in held]
        words = "、".join(lacking)
        return (
            {"operators": f"没有有效的值班员上岗证：{words}。确需上岗的，请填写例外说明"} if lacking else {}
        )


passes_on(Shift, "operators")
