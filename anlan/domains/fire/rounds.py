"""Fire patrols and monthly checks: who goes round which points, and whether it was done (D14.2).

A round is laid down once; each of its days is a walk. A point counts once it was checked on the spot within the
walk's time, whoever of the school did it; a walk with an unchecked point is missed when its time is over.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from anlan.base.handing_on import passes_on
from anlan.base.people import Person, person_field
from anlan.domains.fire.devices import Device
from anlan.domains.fire.key_places import KeyPlace
from anlan.engines.registry.api import Entry, unique
from anlan.kernel import clock

DAY, NIGHT, MONTH = "day", "night", "month"


KINDS = [(DAY, "日间巡查"), (NIGHT, "夜间巡查"), (MONTH, "月度检查")]


OPEN, DONE, MISSED = "open", "done", "missed"


RESULTS = [(OPEN, "进行中"), (DONE, "已完成"), (MISSED, "漏查")]


class Round(Entry):
    """Points that ``walker`` checks every day between two times, or every month by a day."""

    name = models.CharField("名称", max_length=40)
    kind = models.CharField("类别", max_length=6, choices=KINDS, default=DAY, db_index=True)
    walker = person_field("巡查人")
    begins_at = models.TimeField("开始时间", default=time(7, 30))
    ends_at = models.TimeField("截止时间", default=time(18), help_text="不晚于开始时间的，到第二天")
    by_day = models.PositiveSmallIntegerField(
        "每月几日前完成", default=28, validators=[MinValueValidator(1), MaxValueValidator(28)],
        help_text="只用于月度检查",
    )  # fmt: skip
    places = models.ManyToManyField(KeyPlace, related_name="+", blank=True, verbose_name="消防重点部位")
    devices = models.ManyToManyField(Device, related_name="+", blank=True, verbose_name="消防器材")

    class Meta(Entry.Meta):
        verbose_name = "消防巡查安排"
        constraints = [unique("fire_round_once", "org name", "本校已有同名的巡查")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Walked by somebody of the school who is there."""
        if self.walker and self.archived_at is None:
            if self.walker.org_id != self.org_id:
                raise ValidationError({"walker": "只能安排本校人员"})
            if self.walker.archived_at:
                raise ValidationError({"walker": "此人已离岗"})

    def begins_on(self, day: date) -> bool:
        """Whether a walk begins that day."""
        return day.day == 1 if self.kind == MONTH else True

    def span(self, day: date) -> tuple[datetime, datetime]:
        """From when to when the walk of that day is made."""
        if self.kind == MONTH:
            return _at(day.replace(day=1), time()), _at(day.replace(day=self.by_day), time()) + timedelta(
                days=1
            )
        begin, end = _at(day, self.begins_at), _at(day, self.ends_at)
        return begin, end if end > begin else end + timedelta(days=1)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, clock.zone())


def walker_of(plan: Round) -> tuple[Person | None, Any]:
    """Who walks it, with the account."""
    return plan.walker, plan.walker.account if plan.walker else None


class Walk(Entry):
    """A round on one day: whose it was, how many points it has and how many of them were checked."""

    OWNER = "account"

    round = models.ForeignKey(Round, models.PROTECT, related_name="walks", verbose_name="巡查")
    kind = models.CharField("类别", max_length=6, choices=KINDS, db_index=True)
    day = models.DateField("日期", db_index=True)
    person = person_field("巡查人", editable=False)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="账号",
    )
    begins_at = models.DateTimeField("开始时间")
    ends_at = models.DateTimeField("截止时间", db_index=True)
    points = models.PositiveSmallIntegerField("点位数", default=0)
    seen = models.PositiveSmallIntegerField("已查点位", default=0)
    result = models.CharField("结果", max_length=6, choices=RESULTS, default=OPEN, db_index=True)

    class Meta(Entry.Meta):
        verbose_name = "消防巡查记录"
        ordering = ["-day", "-pk"]
        constraints = [models.UniqueConstraint(fields=["round", "day"], name="fire_walk_once")]

    def __str__(self) -> str:
        return f"{self.round} {self.day}"

    def get_absolute_url(self) -> str:
        """The walk's page."""
        return f"/fire/walks/{self.pk}/"


passes_on(Round, "walker")
