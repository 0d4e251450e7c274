"""Daily checks of canteens, issued to the schools or to an inspector, with what came of each (D10.7).

A plan is laid down once; on each of its days every canteen has one row: to be done, done, missed, or skipped with the
reason in words. The check itself is one on the spot, so what fails becomes a hazard.
"""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from anlan.base.checklists import Subject, declare_subject
from anlan.base.models import SpotCheck
from anlan.domains.canteen.canteens import Canteen
from anlan.engines.org.api import declare_permission, may
from anlan.engines.registry.api import Entry, unique
from anlan.kernel import clock

DAILY = declare_subject(
    Subject(
        "canteen.daily",
        "食堂日常检查",
        1,
        "food",
        (
            "从业人员晨检合格，工作衣帽、口罩穿戴整齐",
            "食品原料索证索票齐全，在保质期内，感官正常",
            "生熟分开，刀具、砧板、容器标识清楚",
            "食品烧熟煮透，备餐、分餐操作规范",
            "餐饮具清洗消毒、保洁到位",
            "每餐每样食品按要求留样并记录",
            "冷藏冷冻设备运行正常，温度符合要求",
            "环境整洁，防蝇、防鼠、防虫设施完好",
        ),
    )
).code
FILL = declare_permission(
    "canteen.daily_checks.fill",
    "食堂日常检查：学校填写",
    ("canteen_manager", "school_safety", "school_contact"),
).code
INSPECT = declare_permission("canteen.daily_checks.inspect", "食堂日常检查：巡查员填写", ("inspector",)).code
OPEN, DONE, MISSED, SKIPPED = "open", "done", "missed", "skipped"
STATES = [(OPEN, "待检查"), (DONE, "已完成"), (MISSED, "未完成"), (SKIPPED, "不检查")]


def inspector_field() -> Any:
    """The account of an inspector; empty where the school checks itself."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="巡查员",
        help_text="不填的，派给各食堂所在学校",
    )


class DailyPlan(Entry):
    """Canteens below ``org`` that are checked on every day from ``first`` to ``last`` on which they cook."""

    name = models.CharField("名称", max_length=40)
    first = models.DateField("开始日期", default=clock.today, db_index=True)
    last = models.DateField("结束日期", default=clock.today, db_index=True)
    inspector = inspector_field()
    whole = models.BooleanField("本单位范围内全部食堂", default=False)
    canteens = models.ManyToManyField(Canteen, related_name="+", blank=True, verbose_name="食堂")

    class Meta(Entry.Meta):
        verbose_name = "食堂日常检查安排"
        ordering = ["-first", "-pk"]
        constraints = [unique("canteen_daily_plan_once", "org name", "已有同名的安排")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Days in order; an inspector who may check canteens."""
        if self.last < self.first:
            raise ValidationError({"last": "不能早于开始日期"})
        if self.inspector and self.archived_at is None and not may(self.inspector, INSPECT):
            raise ValidationError({"inspector": "此人没有食堂日常检查的权限"})

    def covered(self) -> Any:
        """The canteens it is about, none outside its unit."""
        rows: Any = Canteen.objects.unscoped() if self.whole else self.canteens
        return rows.filter(org__path__startswith=self.org.path, archived_at=None).select_related("org")


class DailyCheck(Entry):
    """One canteen of a plan on one day; ``check`` is what was found."""

    plan = models.ForeignKey(DailyPlan, models.PROTECT, related_name="checks", verbose_name="安排")
    canteen = models.ForeignKey(Canteen, models.PROTECT, related_name="+", verbose_name="食堂")
    day = models.DateField("日期", db_index=True)
    inspector = inspector_field()
    due_at = models.DateTimeField("期限", db_index=True)
    state = models.CharField("结果", max_length=8, choices=STATES, default=OPEN, db_index=True)
    note = models.CharField("说明", max_length=100, blank=True)
    check_made = models.OneToOneField(
        SpotCheck, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="检查记录"
    )

    class Meta(Entry.Meta):
        verbose_name = "食堂日常检查"
        ordering = ["-day", "org__path", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "canteen", "day"], name="canteen_daily_check_once")
        ]

    def __str__(self) -> str:
        return f"{self.canteen} {self.day:%m-%d} {self.plan}"

    @property
    def to_do(self) -> bool:
        """Still to be done, and there is time."""
        return self.archived_at is None and self.state == OPEN and clock.now() < self.due_at


def is_day_of(plan: DailyPlan, day: date) -> bool:
    """Whether the plan runs on the day."""
    return plan.archived_at is None and plan.first <= day <= plan.last
