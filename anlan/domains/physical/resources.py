"""What protects schools: people, fire, physical and technical protection, each in the ledger that keeps it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Sum
from django.http import QueryDict

from anlan.engines.analytics.api import Cell
from anlan.engines.org.api import OrgUnit, may
from anlan.engines.registry.api import Ledger, Listing, ledgers

WORKING = "state=in_use&state=reported&state=repairing&state=repaired&archived=0"


@dataclass(frozen=True)
class Resource:
    """Rows of a ledger at ``query``, by kind; ``amount``: field of the pieces of a row; ``late``: its overdue ones."""

    group: str
    title: str
    code: str
    query: str = ""
    by: str = "kind"
    amount: str = ""
    late: str = ""

    @property
    def ledger(self) -> Ledger:
        """Where it is kept."""
        return ledgers[self.code]

    def counted(self, user: Any, area: OrgUnit, late: bool = False) -> dict[tuple[str, Any], int]:
        """Number by path of the unit and kind, with the eyes of the person."""
        query = QueryDict(f"{self.late if late else self.query}&org={area.pk}")
        found = Listing(self.ledger, user, query).found.order_by()
        rows = self.ledger.model.unguarded.filter(pk__in=found.values("pk")).order_by()
        number = Sum(self.amount) if self.amount and not late else Count("pk")
        counted = rows.values("org__path", self.by).annotate(number_of=number)
        return {(row["org__path"], row[self.by]): row["number_of"] for row in counted}

    def cell(self, number: int, unit: OrgUnit, late: bool = False, kind: Any = None) -> Cell:
        """The number with its list."""
        more = f"&{self.by}={kind}" if kind is not None else ""
        query = f"{self.late if late else self.query}&org={unit.pk}{more}".removeprefix("&")
        return Cell(f"{number:,}", f"{self.ledger.url}?{query}", "late" if late and number else "")


RESOURCES = (
    Resource("人防", "校内保卫机构", "guards.bodies", "kind=office"),
    Resource("人防", "在岗保安", "guards.guards", "here=1", "post"),
    Resource("消防", "消防器材", "fire.devices", WORKING, late="over=1&archived=0"),
    Resource("物防", "物防设施", "physical.facilities", WORKING, amount="quantity", late="validity=expired&archived=0"),
    Resource("物防", "防护装备", "guards.gear", "", amount="owned", late="validity=expired"),
    Resource("技防", "技防设备", "site_security.devices", WORKING, late="validity=expired&archived=0"),
)  # fmt: skip


def resources_for(user: Any) -> Iterator[Resource]:
    """Those of the modules in use whose ledger the person may see."""
    for one in RESOURCES:
        if one.code in ledgers and may(user, one.ledger.permission("view")):
            yield one
