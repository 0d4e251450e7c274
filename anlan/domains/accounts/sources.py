"""Ledgers of other modules as sources: every declared ledger of units and dates, told by a query string.

A source is ``<ledger>:<date field>``; what it finds is the ledger's own list, so numbers equal what opens behind them.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.http import QueryDict

from anlan.engines.org.api import OrgUnit, may
from anlan.engines.registry.api import Datum, Ledger, Listing, datum, ledgers, rows_of_unit
from anlan.kernel import clock

OWN = "accounts."
WORDS = ("open", "overdue", "q")
Monthly = dict[int, dict[date, int]]


def sources() -> list[tuple[str, str]]:
    """Every source there is, with its words, for a choice."""
    return [
        (f"{item.code}:{field.name}", f"{item.title}（按{field.title}）")
        for item in ledgers
        if not item.code.startswith(OWN) and "org" in item.filter_names
        for field in dates_of(item)
    ]


def dates_of(ledger: Ledger) -> list[Datum]:
    """Dates of its own by which the list of a ledger is narrowed."""
    fields = [datum(ledger, name) for name in ledger.filter_names if "__" not in name]
    return [item for item in fields if isinstance(item.field, models.DateField)]


@dataclass(frozen=True)
class Source:
    """A ledger, the date its rows are placed by, and the condition (a query string of its list)."""

    code: str
    condition: str = ""

    @property
    def ledger(self) -> Ledger:
        """The ledger that owns the rows."""
        return ledgers[self.code.split(":")[0]]

    @property
    def field(self) -> str:
        """The date."""
        return self.code.split(":")[1]

    def query(self, first: date, last: date) -> str:
        """Query string of a period."""
        said = {f"{self.field}_from": first.isoformat(), f"{self.field}_to": last.isoformat()}
        return "&".join(part for part in (self.condition, urlencode(said)) if part)

    def address(self, unit: OrgUnit, first: date, last: date) -> str:
        """The list of a unit's rows in a period."""
        return f"{self.ledger.url}?{self.query(first, last)}&org={unit.pk}"

    def check(self) -> None:
        """ValidationError, in words, for a condition the list of the ledger does not know."""
        known = {"archived", *self.ledger.filter_names, *self.ledger.marks, *WORDS}
        said = QueryDict(self.condition)
        if self.condition and (not said or set(said) - known):
            raise ValidationError({"condition": f"“{self.ledger.title}”不能按这个条件筛选"})

    def monthly(self, area: OrgUnit, first: date, last: date) -> Monthly:
        """How many rows each unit below an area has in each month, by unit and first day of the month."""
        found = rows_of_unit(self.ledger, area, self.query(first, last))
        moments = isinstance(datum(self.ledger, self.field).field, models.DateTimeField)
        month = TruncMonth(
            self.field, output_field=models.DateField(), tzinfo=clock.zone() if moments else None
        )
        keys = self.ledger.model.unguarded.filter(pk__in=found.values("pk"))
        counted = keys.order_by().annotate(month=month).values_list("org", "month").annotate(n=Count("pk"))
        numbers: Monthly = {}
        for org, when, number in counted:
            numbers.setdefault(org, {})[when] = number
        return numbers

    def keys(self, unit: OrgUnit, first: date, last: date) -> set[tuple[str, int]]:
        """The rows themselves, by model and key, so that nothing counts twice."""
        found = rows_of_unit(self.ledger, unit, self.query(first, last))
        return {(self.ledger.model._meta.label, pk) for pk in found.values_list("pk", flat=True)}

    def seen(self, user: Any, unit: OrgUnit, first: date, last: date) -> Any | None:
        """The rows as this person may see them, newest first; None without the right to the ledger."""
        if not may(user, self.ledger.permission("view")):
            return None
        asked = QueryDict(f"{self.query(first, last)}&org={unit.pk}")
        return Listing(self.ledger, user, asked).found.order_by(f"-{self.field}", "-pk")
