"""What an area lays down for its canteens: amounts, hours, meal times, forbidden food; seeds hold the defaults."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from anlan.engines.org.api import OrgUnit, Record
from anlan.kernel import clock

SEED = yaml.safe_load((Path(__file__).parent / "seeds" / "defaults.yaml").read_text(encoding="utf-8"))
MEALS = [("breakfast", "早餐"), ("lunch", "午餐"), ("dinner", "晚餐")]
KINDS = [("dish", "菜品和食材"), ("additive", "食品添加剂")]
GOODS = [
    ("meat", "畜禽肉及制品"), ("fish", "水产品"), ("egg", "蛋奶"), ("vegetable", "蔬菜水果"), ("grain", "米面粮油"),
    ("season", "调味品"), ("packed", "预包装食品"), ("other", "其他"),
]  # fmt: skip
AS_ABOVE = "不填则按上级单位或默认要求"


@dataclass(frozen=True)
class Rules:
    """Rules in force at a unit; grams, hours, degrees Celsius, minutes."""

    sample_grams: int
    sample_hours: int
    fever: Decimal
    breakfast_at: time
    lunch_at: time
    dinner_at: time
    meal_minutes: int
    reports_for: str

    def begins(self, day: date, meal: str) -> datetime:
        """When the meal begins on a day."""
        return datetime.combine(day, getattr(self, f"{meal}_at"), clock.zone())

    def ends(self, day: date, meal: str) -> datetime:
        """When the meal is over on a day."""
        return self.begins(day, meal) + timedelta(minutes=self.meal_minutes)


NAMES = tuple(Rules.__dataclass_fields__)


def _defaults(said: dict[str, Any]) -> Rules:
    times = {name: time.fromisoformat(value) for name, value in said.items() if name.endswith("_at")}
    return Rules(**{**said, **times, "fever": Decimal(str(said["fever"]))})


DEFAULTS = _defaults(SEED["rules"])


class CanteenRules(Record):
    """What a unit lays down for itself and below; what is left empty is as above."""

    INHERITED = True

    sample_grams = models.PositiveSmallIntegerField(
        "每份留样不少于（克）", null=True, blank=True, validators=[MinValueValidator(1)], help_text=AS_ABOVE
    )
    sample_hours = models.PositiveSmallIntegerField(
        "留样不少于（小时）", null=True, blank=True, validators=[MinValueValidator(1)], help_text=AS_ABOVE
    )
    fever = models.DecimalField(
        "发热体温（℃）",
        max_digits=3,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(36), MaxValueValidator(40)],
    )
    breakfast_at = models.TimeField("早餐开餐", null=True, blank=True)
    lunch_at = models.TimeField("午餐开餐", null=True, blank=True)
    dinner_at = models.TimeField("晚餐开餐", null=True, blank=True)
    meal_minutes = models.PositiveSmallIntegerField("每餐时长（分钟）", null=True, blank=True)
    reports_for = models.CharField(
        "须检验检疫报告的类别", max_length=80, blank=True, help_text="类别代码，用空格隔开，例如 meat fish"
    )

    class Meta(Record.Meta):
        verbose_name = "食堂管理要求"
        constraints = [
            models.UniqueConstraint(
                fields=["org"],
                name="canteen_rules_once",
                condition=Q(archived_at=None),
                violation_error_message="这个单位已经设置过",
            )
        ]

    def __str__(self) -> str:
        return f"{self.org} 食堂管理要求"

    def get_absolute_url(self) -> str:
        """The record's page."""
        return f"/canteen/rules/{self.pk}/"

    def clean(self) -> None:
        """Only known categories need reports."""
        if unknown := set(self.reports_for.split()) - {code for code, _ in GOODS}:
            raise ValidationError({"reports_for": f"没有这些类别：{' '.join(sorted(unknown))}"})


class RuleBook:
    """Rules of all units, read once."""

    def __init__(self) -> None:
        rows = CanteenRules.objects.unscoped().filter(archived_at=None).select_related("org")
        self.rows = sorted(rows, key=lambda row: len(row.org.path))

    def at(self, unit: OrgUnit) -> Rules:
        """The defaults with what the units from above down to it have set."""
        found = DEFAULTS
        for row in self.rows:
            if unit.path.startswith(row.org.path):
                said: dict[str, Any] = {name: getattr(row, name) for name in NAMES}
                found = replace(found, **{name: value for name, value in said.items() if value})
        return found


def rules_at(unit: OrgUnit) -> Rules:
    """Rules in force at one unit."""
    return RuleBook().at(unit)


class Forbidden(Record):
    """Food or an additive a unit forbids to itself and below, or (``lifted``) allows again."""

    INHERITED = True

    kind = models.CharField("目录", max_length=10, choices=KINDS, default="dish", db_index=True)
    name = models.CharField("名称", max_length=30)
    words = models.CharField("识别用词", max_length=120, help_text="菜名或食材中出现任一个词就算，用空格隔开")
    reason = models.CharField("理由", max_length=120)
    lifted = models.BooleanField("本区域不禁用", default=False, db_index=True)

    class Meta(Record.Meta):
        verbose_name = "食堂禁用目录"
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "kind", "name"],
                name="canteen_forbidden_once",
                condition=Q(archived_at=None),
                violation_error_message="目录里已有这一项",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The record's page."""
        return f"/canteen/forbidden/{self.pk}/"


def fault_of(unit: OrgUnit, kind: str, *texts: str) -> str:
    """Why something may not be used at the unit, in words; empty: it may."""
    found = {item["name"]: (item["words"], item["reason"]) for item in SEED["forbidden"][kind]}
    rows = Forbidden.objects.unscoped().filter(
        kind=kind, archived_at=None, org__code__in=unit.ancestor_codes()
    )
    for row in sorted(rows.select_related("org"), key=lambda row: len(row.org.path)):
        found[row.name] = ("", "") if row.lifted else (row.words, row.reason)
    for name, (words, reason) in found.items():
        if any(word in text for word in words.split() for text in texts):
            return f"禁用：{name}。{reason}"
    return ""
