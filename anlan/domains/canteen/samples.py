"""Samples of dishes: enough of each, kept long enough, disposed of with a record (S09.4)."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from anlan.domains.canteen.canteens import OfCanteen
from anlan.domains.canteen.menus import Dish
from anlan.domains.canteen.rules import rules_at
from anlan.engines.audit.api import Actor, change
from anlan.kernel import clock
from anlan.kernel.errors import Rejected


class Sample(OfCanteen):
    """The sample of a dish; amount and time are corrected only with a reason that stays."""

    dish = models.ForeignKey(Dish, models.PROTECT, related_name="samples", verbose_name="菜品")
    grams = models.PositiveSmallIntegerField("留样量（克）")
    at = models.DateTimeField("留样时间", default=clock.now, db_index=True)
    keeper = models.CharField("留样人", max_length=40)
    place = models.CharField("存放位置", max_length=60, help_text="例如：留样冰箱 1 号第二层")
    reason = models.CharField("更正原因", max_length=120, blank=True, editable=False)
    disposed_at = models.DateTimeField("处置时间", null=True, editable=False, db_index=True)
    disposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="处置人"
    )  # fmt: skip

    class Meta(OfCanteen.Meta):
        verbose_name = "食品留样"
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["dish"],
                name="canteen_sample_once",
                condition=Q(archived_at=None),
                violation_error_message="这道菜已有留样",
            )
        ]

    def __str__(self) -> str:
        return str(self.dish)

    def get_absolute_url(self) -> str:
        """The record's page."""
        return f"/canteen/samples/{self.pk}/"

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """The canteen is the dish's."""
        if self.dish_id:
            self.canteen = self.dish.canteen
        super().full_clean(*args, **kwargs)

    def faults(self) -> dict[str, str]:
        """Too little, in the future, or of a dish not cooked yet."""
        found = {} if self.disposed_at else self.shortfall()
        if self.at > clock.now():
            found["at"] = "留样时间不能在以后"
        if self.dish.day > clock.today():
            found["dish"] = "这道菜还没有供应"
        return found

    def shortfall(self) -> dict[str, str]:
        """Less than the unit asks for."""
        least = rules_at(self.org).sample_grams
        return {"grams": f"每份留样不少于 {least} 克"} if self.grams < least else {}

    @property
    def keep_until(self) -> Any:
        """From when on the sample may be disposed of."""
        return self.at + timedelta(hours=rules_at(self.org).sample_hours)


def unsampled() -> Q:
    """Condition on dishes: on a published menu, the meal is over, no sample."""
    kept = Sample.unguarded.filter(dish=OuterRef("pk"), archived_at=None)
    return Q(~Exists(kept), menu__published_at__isnull=False, ends_at__lte=clock.now(), archived_at=None)


def dispose(actor: Actor, sample: Sample) -> Sample:
    """The sample is thrown away; Rejected before its hours are over, Conflict the second time."""
    if clock.now() < sample.keep_until:
        hours = rules_at(sample.org).sample_hours
        until = sample.keep_until.astimezone(clock.zone())
        raise Rejected({"": f"留样未满 {hours} 小时，{until:%m月%d日 %H:%M} 以后才能处置"})
    values = {"disposed_at": clock.now(), "disposed_by": actor.user}
    return change(actor, sample, values, action="dispose", expect=Q(disposed_at=None))


@transaction.atomic
def correct(actor: Actor, sample: Sample, values: dict[str, Any]) -> Sample:
    """Put amount or time right, with the reason; the trail keeps what was there before."""
    return change(actor, sample, values, action="correct", expect=Q(disposed_at=None))
