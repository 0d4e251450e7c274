"""How long before a date people are told, as data: the nearest unit's line counts, for one ledger or for all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, Q, Value, When

from anlan.engines.org.api import Record, below
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.known import ledgers
from anlan.engines.registry.standing import EXPIRING

STAGES, LONGEST = (60, 30, 7, 0), 365


def dated_ledgers() -> list[tuple[str, str]]:
    """Code and title of every ledger whose rows expire."""
    return [
        ("", "全部台账"),
        *((item.code, item.title) for item in ledgers if item.expires and not item.readonly),
    ]


class LeadTime(Record):
    """From which day on a date is near, and on which days before it people are told, at a unit and below it."""

    INHERITED = True

    ledger = models.CharField("台账", max_length=60, blank=True, choices=dated_ledgers)
    days = models.PositiveSmallIntegerField(
        "提前几天算即将到期",
        default=EXPIRING,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST)],
    )
    stages = models.CharField(
        "提前几天提醒", max_length=60, default="60 30 7 0", help_text="用空格隔开，0 表示到期当天"
    )

    class Meta(Record.Meta):
        verbose_name = "到期提醒设置"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "ledger"],
                name="registry_lead_time_once",
                condition=Q(archived_at=None),
                violation_error_message="这个单位已经设置过",
            )
        ]

    def __str__(self) -> str:
        return f"{self.org} {self.get_ledger_display()}"

    def get_absolute_url(self) -> str:
        """The record's page."""
        return f"/base/lead-times/{self.pk}/"

    def clean(self) -> None:
        """Stages are whole days within a year."""
        words = self.stages.replace("、", " ").replace(",", " ").replace("，", " ").split()
        if not words or not all(
            word.isdecimal() and len(word) < 4 and int(word) <= LONGEST for word in words
        ):
            raise ValidationError({"stages": f"请填 0 至 {LONGEST} 的天数，用空格隔开，例如 60 30 7 0"})
        self.stages = " ".join(str(day) for day in sorted({int(word) for word in words}, reverse=True))


@dataclass(frozen=True)
class Lead:
    """Lead times in force below ``path``; stages from the earliest to the last.

    ``only``: attribute and value of the rows this is about (a class of certificates); None: all.
    """

    path: str = ""
    days: int = EXPIRING
    stages: tuple[int, ...] = STAGES
    only: tuple[str, Any] | None = None

    def condition(self) -> Q:
        """The rows this is about."""
        here = below((self.path,)) if self.path else Q()
        return here & Q(**dict([self.only])) if self.only else here

    def holds(self, row: Any) -> bool:
        """Whether the row is one of them."""
        about = self.only is None or getattr(row, self.only[0]) == self.only[1]
        return bool(about and row.org.path.startswith(self.path))

    def stage(self, left: int) -> int | None:
        """The stage reached with ``left`` days to go: -1 after the date, None before the first."""
        if left < 0:
            return -1
        return min((stage for stage in self.stages if stage >= left), default=None)

    @property
    def longest(self) -> int:
        """Days before a date from which on anything is to be done about it."""
        return max(self.days, *self.stages)


def leads(code: str) -> list[Lead]:
    """Lead times of a ledger, those of the most special unit first, the standard one last."""
    rows = LeadTime.objects.unscoped().filter(ledger__in=("", code), archived_at=None)
    found = rows.values_list("org__path", "ledger", "days", "stages")
    special = sorted(found, key=lambda row: (len(row[0]), bool(row[1])), reverse=True)
    said = [Lead(path, days, tuple(map(int, stages.split()))) for path, _, days, stages in special]
    return [*said, lead_for(ledgers[code].soon)]


def lead_for(days: int, only: tuple[str, Any] | None = None) -> Lead:
    """A lead time of all or some rows, told on its first day and on the standard days after it; the standard one
    also long before.
    """
    stages = STAGES if days == EXPIRING and not only else (days, *(stage for stage in STAGES if stage < days))
    return Lead("", days, stages, only)


def leads_of(ledger: Ledger) -> list[Lead]:
    """Lead times of a ledger with those it has for some of its rows, which come first."""
    return [*ledger.special_leads(), *leads(ledger.code)]


def own_leads(codes: Iterable[str]) -> dict[str, list[Lead]]:
    """Lead times of those of the ledgers that declare their own, or for which some unit has set its own."""
    codes = list(codes)
    rows = LeadTime.objects.unscoped().filter(ledger__in=codes, archived_at=None)
    special = {code for code in codes if ledgers[code].soon != EXPIRING}
    return {code: leads(code) for code in sorted(special | set(rows.values_list("ledger", flat=True)))}


def lead_at(found: list[Lead], row: Any) -> Lead:
    """The one of ``found`` in force for a row."""
    return next(lead for lead in found if lead.holds(row))


def by_lead(found: list[Lead], condition: Callable[[Lead], Q]) -> Q:
    """``condition`` of every lead for the units where that lead is in force."""
    said, taken = Q(pk__in=[]), Q(pk__in=[])
    for lead in found:
        here = lead.condition()
        said |= condition(lead) & here & ~taken
        taken |= here
    return said


def lead_days(found: list[Lead]) -> Any:
    """Expression: the days from which on a row's date is near."""
    whens = [When(lead.condition(), then=Value(lead.days)) for lead in found if lead.path or lead.only]
    return Case(*whens, default=Value(found[-1].days), output_field=models.IntegerField())
