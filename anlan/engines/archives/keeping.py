"""Keeping times as data: the nearest unit's line counts, else the default of the kind (X.17, NF.220)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from anlan.engines.archives.kinds import EVER, LONGEST, UNITS, YEAR, Span, choices, kinds
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import Entry


class KeepingTime(Entry):
    """How long a kind of data is kept, at a unit and below it."""

    INHERITED = True

    kind = models.CharField("数据种类", max_length=30, choices=choices)
    amount = models.PositiveSmallIntegerField("时长", default=10, validators=[MinValueValidator(1)])
    unit = models.CharField("时长单位", max_length=4, choices=UNITS, default=YEAR)
    basis = models.CharField("依据", max_length=200)

    class Meta(Entry.Meta):
        verbose_name = "保存期限"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "kind"],
                name="archives_keeping_once",
                condition=Q(archived_at=None),
                violation_error_message="这个单位已经设置过",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.span}"

    @property
    def span(self) -> Span:
        """The time."""
        return Span(self.amount, self.unit)

    def clean(self) -> None:
        """Refuse times nobody means."""
        if self.unit != EVER and self.amount and self.amount > LONGEST[self.unit]:
            raise ValidationError({"amount": f"最多 {LONGEST[self.unit]}，更久的请选“永久”"})
        kind, days = kinds.get(self.kind), self.span.days
        if kind and days is not None and days < kind.least:
            raise ValidationError({"amount": f"{kind.title}不能少于 {kind.least} 天"})


class Times:
    """Times in force, read once for many rows."""

    def __init__(self) -> None:
        rows = KeepingTime.objects.unscoped().filter(archived_at=None).select_related("org")
        self._set = {(row.org.path, row.kind): row.span for row in rows}

    def at(self, unit: OrgUnit, kind: str) -> Span:
        """The time of a kind of data at a unit."""
        here = [
            (len(path), span)
            for (path, one), span in self._set.items()
            if one == kind and unit.path.startswith(path)
        ]
        return max(here, key=lambda pair: pair[0])[1] if here else kinds[kind].span

    def until(self, unit: OrgUnit, kind: str, day: date) -> date | None:
        """The last day of something that ended on ``day``; None for ever."""
        return self.at(unit, kind).after(day)
