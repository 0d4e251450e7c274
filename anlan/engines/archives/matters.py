"""Which ledgers hold finished matters, and in which states: one line beside each workflow (X.17).

``archives("safety.hazards", "rectification")`` files every row whose workflow has ended. A row that somebody puts away
with 归档 is filed whatever its ledger.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from django.db.models import Q

from anlan.engines.archives.kinds import kinds
from anlan.engines.org.api import Record
from anlan.engines.registry.api import Ledger, ledger_of, ledgers
from anlan.kernel.registry import Registry

PLAIN, OWN = "ledger", "archives."


@dataclass(frozen=True)
class Matter:
    """A ledger whose rows are filed: under which kind, in which states (by default the final ones of its workflow).

    ``parts`` are relations to what belongs to a row and goes with it when it is destroyed (``response__answers``);
    ``allows`` are acts of people that an ended row still takes, beside moves. ``why_not`` says of a workflow why
    its rows are not filed.
    """

    ledger: str
    kind: str = PLAIN
    ended: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    allows: tuple[str, ...] = ()
    why_not: str = ""

    @property
    def owner(self) -> Ledger:
        """The ledger."""
        return ledgers[self.ledger]

    @property
    def states(self) -> tuple[str, ...]:
        """The states in which a row has ended."""
        return self.ended or (self.owner.flow.final if self.owner.flow else ())

    def over(self, state: str | None) -> bool:
        """Whether the matter has ended in this state."""
        return not self.why_not and state in self.states

    def holds(self, record: Any) -> bool:
        """Whether the row belongs to the archive now."""
        return not self.why_not and (
            record.archived_at is not None or self.over(getattr(record, "state", ""))
        )

    @property
    def condition(self) -> Q:
        """The rows that belong to the archive."""
        return Q(archived_at__isnull=False) | (Q(state__in=self.states) if self.states else Q(pk__in=[]))


def _faults(matter: Matter) -> Iterator[str]:
    if matter.kind not in kinds:
        yield f"unknown kind {matter.kind}"
    if matter.ledger not in ledgers:
        yield "no such ledger"


matters: Registry[Matter] = Registry("archived matter", _faults)


def archives(ledger: str, kind: str, ended: str = "", parts: str = "", allows: str = "") -> Matter:
    """File the ended rows of a ledger; lists are words in one string. See :class:`Matter`."""
    states, relations, acts = (tuple(words.split()) for words in (ended, parts, allows))
    return matters.add(ledger, Matter(ledger, kind, states, relations, acts))


def not_archived(ledger: str, why: str) -> Matter:
    """Say why the ended rows of a workflow are not filed on their own."""
    return matters.add(ledger, Matter(ledger, why_not=why))


@cache
def matter_of(model: type[models.Model]) -> Matter | None:
    """The matter a record of this model may become; None for what is no row of a ledger people keep."""
    found = ledger_of(model) if issubclass(model, Record) else None
    if found is None or found.code.startswith(OWN):
        return None
    declared = next((one for one in matters if one.owner.model is model), None)
    if declared is not None:
        return declared
    return None if found.readonly else Matter(found.code)
