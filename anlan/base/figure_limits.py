"""Limits of figures and the warnings they raise: once when crossed, over when back in range (D14.7)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from anlan.base.unit_figures import Limit, UnitFigures, unit_figures
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import Entry, unique

BELOW, OVER = "below", "above"


SIDES = [(BELOW, "低于"), (OVER, "高于")]


def measure_choices() -> list[tuple[str, str]]:
    """Code and words of every figure that can be limited."""
    return [
        (f"{one.code}:{code}", f"{one.title}：{words}")
        for one in unit_figures
        for code, words in one.measures.items()
    ]


def measure_field() -> Any:
    """The figure that is limited."""
    return models.CharField("指标", max_length=80, choices=measure_choices, db_index=True)


class FigureLimit(Entry):
    """A district's own limit for a figure of each of its schools; rates are limited in percent."""

    INHERITED = True

    measure = measure_field()
    side = models.CharField("方向", max_length=6, choices=SIDES, default=BELOW)
    at = models.DecimalField(
        "阈值", max_digits=8, decimal_places=1, help_text="比率填百分数",
        validators=[MinValueValidator(0), MaxValueValidator(100000)],
    )  # fmt: skip

    class Meta(Entry.Meta):
        verbose_name = "统计预警阈值"
        constraints = [unique("base_figure_limit_once", "org measure", "这个单位已经设置过这个指标")]


class FigureAlarm(Entry):
    """A school's figure out of range: from its crossing until it is back."""

    measure = measure_field()
    value = models.CharField("预警时的数值", max_length=20)
    limit = models.CharField("阈值", max_length=20)
    cleared_at = models.DateTimeField("解除时间", null=True, blank=True, db_index=True)

    class Meta(Entry.Meta):
        verbose_name = "统计预警"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "measure"],
                name="base_figure_alarm_once",
                condition=Q(cleared_at=None, archived_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()} {self.value}"


def limits_at(unit: OrgUnit, figures: UnitFigures, set_by: Sequence[FigureLimit]) -> list[Limit]:
    """The limits in force at a unit: of each measure the nearest unit's, else the declared one."""
    found: dict[str, Limit] = {limit.measure: limit for limit in figures.limits}
    for row in sorted(set_by, key=lambda row: len(row.org.path)):
        owner, _, measure = row.measure.partition(":")
        if owner == figures.code and unit.path.startswith(row.org.path) and measure in figures.measures:
            found[measure] = Limit(measure, row.at, row.side == BELOW)
    return list(found.values())


def out_of(limit: Limit, value: Decimal) -> bool:
    """Whether a value is out of range; exactly at the limit it is within."""
    return value < limit.at if limit.low else value > limit.at
