"""The duty calendar as data: periods, what a day asks for, and days a unit lays down otherwise (S04.1)."""

import re
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models

from anlan.engines.audit.api import Written
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import Entry, unique
from anlan.kernel import events
from anlan.kernel.errors import Rejected

ROUTINE, HOLIDAY, BREAK, KEY, WORKDAY, WEEKEND, NONE = (
    "routine", "holiday", "break", "key", "workday", "weekend", "none"
)  # fmt: skip
PERIODS = [(ROUTINE, "日常"), (HOLIDAY, "节假日"), (BREAK, "寒暑假"), (KEY, "重要时段")]
DAYS = [(WORKDAY, "工作日"), (WEEKEND, "双休日"), (HOLIDAY, "节假日"), (BREAK, "寒暑假"), (KEY, "重要时段")]
TIMES = re.compile(r"^([01]\d|2[0-3]):[0-5]\d( ([01]\d|2[0-3]):[0-5]\d)*$")
LONGEST = timedelta(days=100)


class Period(Entry):
    """A stretch of days for which schools draw up one roster; laid down by the district, inherited below."""

    INHERITED = True

    name = models.CharField("时段", max_length=40)
    kind = models.CharField("类别", max_length=8, choices=PERIODS, db_index=True)
    first = models.DateField("起", db_index=True)
    last = models.DateField("止", db_index=True)
    report_by = models.DateField("上报截止日期")

    class Meta(Entry.Meta):
        verbose_name = "值班时段"
        ordering = ["-first"]
        constraints = [unique("duty_period_once", "org first", "这一天起已有值班时段")]

    def clean(self) -> None:
        """Refuse reversed and endless periods, and one that overlaps another of the unit."""
        if not (self.first and self.last and self.org_id):
            return
        if self.last < self.first or self.last - self.first > LONGEST:
            raise ValidationError({"last": f"止期要在起期之后，最长 {LONGEST.days} 天"})
        if words := self.overlap():
            raise ValidationError({"first": words, "last": words})

    def overlap(self) -> str:
        """The period of the same unit that overlaps, in words; empty where none does."""
        others = Period.unguarded.filter(org=self.org_id, archived_at=None).exclude(pk=self.pk)
        other = others.filter(first__lte=self.last, last__gte=self.first).first()
        return f"与“{other.name}”（{other.first:%m-%d} 至 {other.last:%m-%d}）重叠" if other else ""


@events.on(Written)
def keep_apart(event: Written) -> None:
    """Two officers at once: the second is judged again once the first is stored."""
    period = event.record
    if not isinstance(period, Period) or period.archived_at is not None:
        return
    list(OrgUnit.objects.select_for_update().filter(pk=period.org_id))
    if words := period.overlap():
        raise Rejected({"first": words, "last": words})


class Demand(Entry):
    """A shift that a kind of day asks for, or every day of a named period; the nearest unit's lines count."""

    INHERITED = True

    name = models.CharField("班次", max_length=20)
    kind = models.CharField("哪类日子", max_length=8, choices=DAYS, db_index=True)
    period = models.ForeignKey(
        Period, models.PROTECT, null=True, blank=True, related_name="demands", verbose_name="只用于时段"
    )
    begins_at = models.TimeField("开始时间")
    ends_at = models.TimeField("结束时间", help_text="不晚于开始时间的，到第二天")
    leaders = models.PositiveSmallIntegerField("带班领导人数", default=1, validators=[MaxValueValidator(5)])
    members = models.PositiveSmallIntegerField("值班人员人数", default=1, validators=[MaxValueValidator(10)])
    reports = models.CharField(
        "平安报送时间", max_length=60, blank=True, help_text="用空格隔开，如 22:00 06:00；不要求的不填"
    )

    class Meta(Entry.Meta):
        verbose_name = "值班要求"
        ordering = ["org__path", "kind", "begins_at", "pk"]
        constraints = [
            unique("duty_demand_once", "org kind period name", "已有这个班次"),
            models.UniqueConstraint(
                fields=["org", "kind", "name"],
                name="duty_demand_of_kind_once",
                condition=models.Q(archived_at=None, period=None),
                violation_error_message="已有这个班次",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.name}"

    def clean(self) -> None:
        """Somebody is on duty; the period is of the same kind; times are times of day."""
        faults: dict[str, str] = {}
        if not (self.leaders or self.members):
            faults["members"] = "带班领导和值班人员至少要有一人"
        if self.period and self.period.kind != self.kind:
            faults["period"] = f"这个时段的类别是“{self.period.get_kind_display()}”，与所选日子不一致"
        if self.reports and not TIMES.match(self.reports):
            faults["reports"] = "请填 22:00 06:00 这样的时间，用空格隔开"
        if faults:
            raise ValidationError(faults)


class DayChange(Entry):
    """A day that a unit and those below it count otherwise than the calendar above says."""

    INHERITED = True

    day = models.DateField("日期", db_index=True)
    kind = models.CharField("按哪类日子值班", max_length=8, choices=[*DAYS, (NONE, "不安排值班")])
    reason = models.CharField("原因", max_length=100)

    class Meta(Entry.Meta):
        verbose_name = "值班日调整"
        ordering = ["-day"]
        constraints = [unique("duty_day_change_once", "org day", "这一天已有调整")]


class DutyRule(Entry):
    """Settings of a district for itself and all below; the nearest one counts."""

    INHERITED = True

    late_minutes = models.PositiveSmallIntegerField(
        "超过几分钟未签到即提醒带班领导", default=15, validators=[MaxValueValidator(240)]
    )
    metres = models.PositiveIntegerField(
        "签到离学校多少米以内算在校", default=500, validators=[MaxValueValidator(20000)]
    )
    early_minutes = models.PositiveSmallIntegerField("最早提前几分钟签到", default=60)

    class Meta(Entry.Meta):
        verbose_name = "值班规则"
        constraints = [unique("duty_rule_once", "org", "本单位已有值班规则")]

    def __str__(self) -> str:
        return f"{self.org}值班规则"


class Rules:
    """Every district's settings, read once; a unit without any follows the defaults."""

    def __init__(self) -> None:
        rows = DutyRule.objects.unscoped().filter(archived_at=None).select_related("org")
        self.by_path: dict[str, DutyRule] = {rule.org.path: rule for rule in rows}

    def at(self, unit: OrgUnit) -> DutyRule:
        """The rule nearest above the unit."""
        return nearest(self.by_path, unit) or DutyRule()


def nearest(by_path: dict[str, Any], unit: OrgUnit) -> Any:
    """What is kept under the longest path at or above the unit; None where there is nothing."""
    found = [path for path in by_path if unit.path.startswith(path)]
    return by_path[max(found, key=len)] if found else None
