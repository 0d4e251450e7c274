"""A list as a person asked for it: scoped, filtered, sorted, counted with a cap, one page of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import QueryDict

from anlan.engines.org.api import OrgUnit, below
from anlan.engines.registry.access import rows
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.filtering import narrow
from anlan.shell.tables import COUNT_CAP, SIZES

DEEP = 1_000  # rows to count off beyond which only their keys are read
DEEPEST = 100_000  # rows to count off at most; from row to row by key there is no limit


@dataclass
class Listing:
    """The rows behind a query string, for one person under one right."""

    ledger: Ledger
    user: Any
    query: QueryDict
    verb: str = "view"
    joined: Sequence[str] = ()
    listed: Sequence[str] = ()

    @cached_property
    def scoped(self) -> Any:
        """Everything the person may see."""
        found = rows(self.ledger, self.user, self.verb)
        return found.select_related(*self.ledger.needs, *self.joined).prefetch_related(*self.listed)

    @cached_property
    def found(self) -> Any:
        """What the query string asks for, unsorted."""
        return narrow(self.ledger, self.scoped, self.query, self.user)

    @cached_property
    def order(self) -> str:
        """The sort key in force, with a minus when descending; the ledger's own for an unknown one."""
        asked = self.query.get("sort", "")
        return asked if asked.removeprefix("-") in sortable(self.ledger) else self.ledger.sort

    @cached_property
    def sorted(self) -> Any:
        """The rows in order; the key makes it total, so that no row shows twice on two pages."""
        path = sortable(self.ledger).get(self.order.removeprefix("-"), self.order.removeprefix("-"))
        sign = "-" if self.order.startswith("-") else ""
        return self.found.order_by(f"{sign}{path}", *([] if path == "pk" else ["-pk"]))

    @cached_property
    def total(self) -> int:
        """How many rows there are; one more than the cap when there are more."""
        return capped_count(self.found)

    @cached_property
    def size(self) -> int:
        """Rows of a page."""
        asked = self.query.get("size", "")
        return int(asked) if asked in map(str, SIZES) else SIZES[0]

    @cached_property
    def page(self) -> int:
        """The page number, within what there is; from row to row by key it is only words."""
        asked = self.query.get("page", "")
        wanted = int(asked) if asked.isdecimal() and len(asked) < 9 else 1
        there = self.total if self.total <= COUNT_CAP else DEEPEST
        return max(1, wanted if self.edge else min(wanted, -(-there // self.size)))

    @cached_property
    def edge(self) -> tuple[str, int] | None:
        """``after`` or ``before`` with the key of a row, where the order is that of the keys.

        The database goes straight to that row, however deep in the list it lies.
        """
        for name in ("after", "before"):
            asked = self.query.get(name, "")
            if self.order.removeprefix("-") == "pk" and asked.isdecimal() and len(asked) < 19:
                return name, int(asked)
        return None

    @cached_property
    def window(self) -> Any:
        """The rows of the page and one more where there is one; before an edge, backwards."""
        if self.edge is None:
            return self._counted_off()
        name, key = self.edge
        down = self.order.startswith("-") == (name == "after")
        rows = self.found.filter(**{"pk__lt" if down else "pk__gt": key}).order_by("-pk" if down else "pk")
        return rows[: self.size + 1]

    def _counted_off(self) -> Any:
        first = (self.page - 1) * self.size
        if first < DEEP:
            return self.sorted[first : first + self.size + 1]
        keys = list(self.sorted.values_list("pk", flat=True)[first : first + self.size + 1])
        return self.sorted.filter(pk__in=keys)

    @cached_property
    def _fetched(self) -> list[Any]:
        return list(self.window)

    @cached_property
    def rows(self) -> list[Any]:
        """The rows of the page."""
        rows = self._fetched[: self.size]
        return rows[::-1] if self.edge and self.edge[0] == "before" else rows

    @property
    def more(self) -> bool:
        """Whether rows follow."""
        return len(self._fetched) > self.size or bool(self.edge and self.edge[0] == "before")

    @property
    def keys(self) -> tuple[int, int] | None:
        """Keys of the first and last row, where one can go on from them."""
        by_key = self.order.removeprefix("-") == "pk" and self.rows
        return (self.rows[0].pk, self.rows[-1].pk) if by_key else None


def capped_count(found: Any) -> int:
    """Number of rows up to the cap of counting, and one more when there are more."""
    count: int = found.order_by().values("pk")[: COUNT_CAP + 1].count()
    return count


def sortable(ledger: Ledger) -> dict[str, str]:
    """Sort keys of a ledger and the field each stands for; masked columns would give away their order."""
    return {item.name: item.sort for item in ledger.column_data if item.sort and not item.mask}


def number_of(ledger: Ledger, user: Any, query: str) -> int:
    """How many rows the list at this query string shows (capped): counts never differ from their list."""
    return Listing(ledger, user, QueryDict(query)).total


def rows_of_unit(ledger: Ledger, unit: OrgUnit, query: str) -> Any:
    """What a query string asks for among all rows at or below a unit, whoever looks; for published numbers."""
    found = ledger.refine(ledger.model.objects.unscoped().filter(below((unit.path,))))
    return narrow(ledger, found, QueryDict(query), None).order_by()
