"""Which fields name a person for a duty that runs: whoever leaves hands them on, the rest is history (X.23).

Every such field (of the person, or of the person's account) is declared beside its model with :func:`passes_on`; what
asks for more than another name has a handler of ``PersonLeft`` of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from anlan.base.people import Person
from anlan.engines.org.api import Record
from anlan.kernel.registry import Registry


@dataclass(frozen=True)
class Duty:
    """A field of ``model`` naming who does something; only rows that are ``running`` are handed on.

    ``replaced``: somebody else has to be named where nobody succeeds.
    """

    model: type[Record]
    field: str
    running: Callable[[], Q]
    replaced: bool

    @property
    def one(self) -> Any:
        """The field itself."""
        return self.model._meta.get_field(self.field)

    def names(self, person: Person | None) -> Any:
        """What stands in the field for this person: the person, or the account."""
        return person if person is None or self.one.related_model is Person else person.account

    def rows(self, person: Person) -> list[Any]:
        """Running rows that name the person."""
        named = self.names(person)
        if named is None:
            return []
        found = self.model.unguarded.filter(self.running(), **{self.field: named}, archived_at=None)
        return [row for row in found.order_by("pk") if getattr(row, "open", True)]


duties: Registry[Duty] = Registry("duty handed on")


def passes_on(
    model: type[Record], field: str, running: Callable[[], Q] = Q, *, replaced: bool = True
) -> None:
    """Declare a duty: whoever leaves hands it to the successor, or leaves the field empty."""
    duties.add(f"{model._meta.label_lower}.{field}", Duty(model, field, running, replaced))
