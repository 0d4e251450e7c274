"""Plans and their rounds: abstract, for domains to build on (D01.5, D01.6, S01.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from anlan.engines.org.api import OrgUnit, Record, scope
from anlan.engines.tasks.calendar import is_working_day, terms_of
from anlan.engines.tasks.recurrence import Repeat, Rhythm, school_days
from anlan.kernel import clock


@dataclass(frozen=True)
class Addressee:
    """Whom a round asks: a unit, and the person there if one is named."""

    unit: OrgUnit
    user: Any = None


class Plan(Record):
    """What is to be done, by whom, how often and until when.

    A concrete plan overrides :meth:`audience`; its rounds point to it with ``related_name="rounds"``.
    ``ISSUE`` is the right, over the plan's unit, to return, extend, urge and cancel.
    """

    ISSUE: ClassVar[str] = ""

    class State(models.TextChoices):
        """Where the plan stands."""

        DRAFT = "draft", "草稿"
        ACTIVE = "active", "进行中"
        ENDED = "ended", "已结束"
        CANCELLED = "cancelled", "已取消"

    title = models.CharField("名称", max_length=100)
    starts_on = models.DateField("开始日期", default=clock.today)
    ends_on = models.DateField("结束日期")
    repeat = models.CharField("重复", max_length=10, choices=Repeat.choices, default=Repeat.ONCE)
    interval_days = models.PositiveSmallIntegerField("间隔天数", null=True, blank=True)
    skip_holidays = models.BooleanField("节假日顺延", default=False)
    deadline_days = models.PositiveSmallIntegerField("期限（天）", default=0)
    deadline_time = models.TimeField("截止时间", default=time(17, 0))
    remind_hours = models.PositiveSmallIntegerField("提前提醒（小时）", default=24)
    state = models.CharField(
        "状态", max_length=10, choices=State.choices, default=State.DRAFT, editable=False, db_index=True
    )

    class Meta(Record.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse a reversed period and a custom interval that is missing or not positive."""
        faults: dict[str, str] = {}
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            faults["ends_on"] = "结束日期不能早于开始日期"
        if self.repeat == Repeat.INTERVAL and not self.interval_days:
            faults["interval_days"] = "间隔至少为 1 天"
        if faults:
            raise ValidationError(faults)

    def audience(self) -> Sequence[Addressee]:
        """Whom each round asks; overridden by the concrete plan."""
        raise NotImplementedError

    def issued_by(self, user: Any) -> bool:
        """Whether the person answers for the plan: holds ``ISSUE`` over its unit."""
        return scope(user, self.ISSUE).covers(self.org.path)

    def assignment(self, round_: Any, addressee: Addressee) -> Any:
        """A new assignment of the round, not yet stored; concrete plans may fill in more."""
        model = round_.assignments.model
        return model(org=addressee.unit, assignee=addressee.user, round=round_, due_at=round_.due_at)

    def rhythm(self) -> Rhythm:
        """On which days rounds open."""
        wanted = self.skip_holidays or self.repeat == Repeat.TERM
        around = timedelta(days=200)
        terms = terms_of(self.org, self.starts_on - around, self.ends_on + around) if wanted else []
        return Rhythm(
            self.repeat,
            self.starts_on,
            self.ends_on,
            self.interval_days or 0,
            [term for term in terms if term[0] <= self.ends_on and term[1] >= self.starts_on]
            if self.repeat == Repeat.TERM
            else (),
            school_days(is_working_day, terms) if self.skip_holidays else None,
        )

    def due_at(self, opens_on: date) -> datetime:
        """The deadline of a round; where holidays are skipped it falls on a working day."""
        day = opens_on + timedelta(days=self.deadline_days)
        while self.skip_holidays and not is_working_day(day):
            day += timedelta(days=1)
        return datetime.combine(day, self.deadline_time, clock.zone())


class Round(Record):
    """One occurrence of a plan. A concrete round adds ``plan``; (plan, number) is unique."""

    number = models.PositiveIntegerField("轮次", editable=False)
    opens_on = models.DateField("开始日期", editable=False)
    due_at = models.DateTimeField("截止时间", editable=False)

    class Meta(Record.Meta):
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="%(app_label)s_%(class)s_once"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} 第 {self.number} 轮"  # type: ignore[attr-defined]
