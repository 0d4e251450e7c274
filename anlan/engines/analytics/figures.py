"""Figures: every number is the count of a list, and opens that very list."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.db.models import Count
from django.http import QueryDict

from anlan.engines.org.api import may
from anlan.engines.registry.api import Ledger, Listing, titles_of
from anlan.kernel.numbers import share
from anlan.shell.parts import Stat
from anlan.shell.tables import COUNT_CAP


@dataclass(frozen=True)
class Figure:
    """A number: the rows that ``ledger`` lists at ``query``, counted with the eyes of whoever looks."""

    title: str
    ledger: Ledger
    query: str = ""
    unit: str = "条"

    @property
    def url(self) -> str:
        """The list behind the number."""
        return f"{self.ledger.url}?{self.query}" if self.query else self.ledger.url

    def narrowed(self, more: str) -> "Figure":
        """The same number under one more condition."""
        return Figure(
            self.title, self.ledger, "&".join(part for part in (self.query, more) if part), self.unit
        )

    def value(self, user: Any) -> int:
        """The number; never other than the list says."""
        return Listing(self.ledger, user, QueryDict(self.query)).total

    def stat(self, user: Any) -> Stat | None:
        """The number for a band of key numbers; None for people who may not see the list."""
        if not may(user, self.ledger.permission("view")):
            return None
        value = self.value(user)
        shown = f"{COUNT_CAP:,}+" if value > COUNT_CAP else f"{value:,}"
        return Stat(self.title, shown, self.url, self.unit)


def rate(part: Figure, whole: Figure, user: Any) -> Decimal | None:
    """Share of ``part`` in ``whole``; None where there is nothing, so that nothing shows as 0 % or 100 %."""
    return share(part.value(user), whole.value(user))


@dataclass(frozen=True)
class Slice:
    """One line of a tally: words, number, and the list behind it."""

    key: Any
    title: str
    value: int
    url: str


def tally(figure: Figure, by: str, user: Any) -> list[Slice]:
    """The rows of a figure counted by a field; the sum of the slices is the figure."""
    listing = Listing(figure.ledger, user, QueryDict(figure.query))
    counted = listing.found.order_by().values(by).annotate(n=Count("pk")).order_by("-n", by)
    found = [(row[by], row["n"]) for row in counted]
    titles = titles_of(figure.ledger, by, [key for key, _ in found])
    joint = "&" if figure.query else "?"
    return [
        Slice(key, titles.get(key, "未填"), n, f"{figure.url}{joint}{by}={quote(str(key))}")
        for key, n in found
    ]
