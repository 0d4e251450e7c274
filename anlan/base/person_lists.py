"""What the modules' lists say about a person: a number of each, which opens the list with just these rows (X.23).

A ledger names in ``whose`` the people its rows are about; a domain puts it on the page of a person here.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import QueryDict

from anlan.base.people import Person
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import Listing, ledgers
from anlan.kernel.registry import Registry

PARTS = {
    "post": "岗位职责",
    "certificate": "证书",
    "duty": "值班巡查",
    "task": "任务",
    "late": "逾期",
    "training": "培训学习",
    "assessment": "考核奖惩",
    "charge": "负责的设备和部位",
}


@dataclass(frozen=True)
class PersonList:
    """Rows about people, under one of :data:`PARTS`: ``rows`` are those of the list at ``url`` that a user may see,
    ``ways`` the paths to the people.
    """

    part: str
    title: Callable[[], str]
    right: Callable[[], str]
    rows: Callable[[Any], Any]
    ways: Callable[[], str]
    url: Callable[[Person], str]

    def count(self, user: Any, person: Person) -> int:
        """How many rows are about the person."""
        found, named = self.rows(user).order_by(), Q(pk__in=[])
        for way in self.ways().split():
            named |= Q(pk__in=found.model.unguarded.filter(**{way: person}).values("pk"))
        number: int = found.filter(named).values("pk").count()
        return number

    def people(self, user: Any, unit: OrgUnit) -> Counter[int]:
        """How many rows are about each person of a unit."""
        found, pairs = self.rows(user).order_by(), set[tuple[int, int]]()
        for way in self.ways().split():
            rows = found.model.unguarded.filter(**{f"{way}__org": unit}, pk__in=found.values("pk"))
            pairs.update(rows.order_by().values_list("pk", way))
        return Counter(person for _, person in pairs)


person_lists: Registry[PersonList] = Registry("list about a person")


def person_list(part: str, code: str, title: str = "", query: str = "") -> None:
    """Declare that a ledger (at its ``query``) counts on the page of each person it names; the title is its own."""

    def url(person: Person) -> str:
        return f"{ledgers[code].url}?{'&'.join(filter(None, (f'whose={person.pk}', query)))}"

    made = PersonList(
        part,
        lambda: title or ledgers[code].title,
        lambda: ledgers[code].permission("view"),
        lambda user: Listing(ledgers[code], user, QueryDict(query)).found,
        lambda: ledgers[code].whose,
        url,
    )
    person_lists.add(f"{part}:{code}?{query}", made)
