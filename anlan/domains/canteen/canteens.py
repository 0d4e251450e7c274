"""Canteens of schools, and the base of everything that belongs to one (D10.1, D10.6)."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from anlan.base.schools import School
from anlan.domains.canteen.rules import MEALS
from anlan.engines.org.api import Kind, Record
from anlan.kernel import clock
from anlan.kernel.identifiers import mobile_fault

MODES = [("own", "自主经营"), ("contract", "委托经营"), ("delivered", "集中配餐")]


def in_use(prefix: str = "") -> Q:
    """Condition: the canteen is open today."""
    return Q(**{f"{prefix}closed_on": None}) | Q(**{f"{prefix}closed_on__gt": clock.today()})


class Canteen(Record):
    """A canteen of a school (``org``); a school may have several. ``code`` is that of the source system."""

    school = models.ForeignKey(
        School, models.PROTECT, null=True, blank=True, editable=False, related_name="canteens", verbose_name="学校"
    )  # fmt: skip
    name = models.CharField("食堂名称", max_length=60)
    code = models.CharField("食堂编号", max_length=40, blank=True, help_text="来源系统的编号；不填则自动编号")
    mode = models.CharField("经营方式", max_length=10, choices=MODES, default="own", db_index=True)
    place = models.CharField("位置", max_length=80, blank=True)
    breakfast = models.BooleanField("供早餐", default=False)
    lunch = models.BooleanField("供午餐", default=True)
    dinner = models.BooleanField("供晚餐", default=False)
    weekend = models.BooleanField("休息日供餐", default=False)
    diners = models.PositiveIntegerField("就餐人数", default=0)
    area = models.DecimalField(
        "面积（㎡）", max_digits=8, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    seats = models.PositiveIntegerField("餐位数", default=0)
    zones = models.CharField("后厨分区", max_length=200, blank=True)
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="负责人"
    )  # fmt: skip
    phone = models.CharField("联系电话", max_length=20, blank=True)
    closed_on = models.DateField("停用日期", null=True, blank=True, db_index=True)

    class Meta(Record.Meta):
        verbose_name = "食堂"
        ordering = ["org__path", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "name"],
                name="canteen_name_once",
                condition=Q(archived_at=None),
                violation_error_message="这所学校已有同名的食堂",
            ),
            models.UniqueConstraint(
                fields=["code"],
                name="canteen_code_once",
                condition=~Q(code=""),
                violation_error_message="这个编号已被使用",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The canteen's page."""
        return f"/canteen/canteens/{self.pk}/"

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """The profile follows the unit."""
        self.school = School.unguarded.filter(org=self.org_id).first()
        self.code = self.code or self._numbered()
        super().full_clean(*args, **kwargs)

    def _numbered(self) -> str:
        """The next free number at the school."""
        taken = set(Canteen.unguarded.filter(org=self.org_id).values_list("code", flat=True))
        numbers = (f"{self.org.code}-{number:02d}" for number in range(1, len(taken) + 2))
        return next(number for number in numbers if number not in taken)

    def clean(self) -> None:
        """A canteen belongs to a school for good, its manager too."""
        faults: dict[str, str] = {}
        if self.pk and Canteen.unguarded.filter(pk=self.pk).exclude(org=self.org_id).exists():
            faults["org"] = "食堂不能改换学校，请停用后在新的学校登记"
        if self.org.kind != Kind.SCHOOL:
            faults["org"] = "食堂要属于一所学校"
        if self.manager and self.manager.unit_id != self.org_id:
            faults["manager"] = "只能选本校人员"
        if self.phone.startswith("1") and (fault := mobile_fault(self.phone)):
            faults["phone"] = fault
        if faults:
            raise ValidationError(faults)

    @property
    def meals(self) -> list[str]:
        """Codes of the meals served, in order of the day."""
        return [code for code, _ in MEALS if getattr(self, code)]

    def closed(self, day: date) -> bool:
        """Out of use on a day."""
        return self.archived_at is not None or (self.closed_on is not None and self.closed_on <= day)


class OfCanteen(Record):
    """Base of what belongs to a canteen; the unit is the canteen's school."""

    canteen = models.ForeignKey(Canteen, models.PROTECT, related_name="+", verbose_name="食堂")

    class Meta(Record.Meta):
        abstract = True

    def clean(self) -> None:
        """Refuse the canteen of another school, and new rows of one that is closed."""
        if self.archived_at is not None:
            return
        faults = self.faults()
        if self.canteen.org_id != self.org_id:
            faults["canteen"] = "只能选本校的食堂"
        elif self._state.adding and self.canteen.closed(clock.today()):
            faults["canteen"] = "食堂已停用"
        if faults:
            raise ValidationError(faults)

    def faults(self) -> dict[str, str]:
        """Hook: what else is wrong, by field."""
        return {}
