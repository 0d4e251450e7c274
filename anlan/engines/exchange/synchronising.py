"""A run that brings the rows of another system into a ledger: matched by the natural key, each row for itself."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.db import transaction

from anlan.engines.audit.api import Actor
from anlan.engines.exchange.finding import target_of
from anlan.engines.exchange.targets import Context, Row
from anlan.engines.org.api import OrgUnit
from anlan.kernel.errors import Refusal, Rejected


@dataclass
class Synchronised:
    """What a run came to; ``rejected`` has the number of the row (from 1) and what is wrong by field."""

    add: int = 0
    amend: int = 0
    same: int = 0
    rejected: list[tuple[int, dict[str, str]]] = field(default_factory=list)


def synchronise(actor: Actor, unit: OrgUnit, code: str, rows: Iterable[Row]) -> Synchronised:
    """Rows of texts by field name into the ledger ``code``; Forbidden without the right to import there.

    The same run again changes nothing. What a row does not name stays as it is.
    """
    target, found = target_of(code), Synchronised()
    target.permit(actor.user)
    save = target.saver(Context(replace(actor, channel="import"), unit, {}))
    for number, row in enumerate(rows, 1):
        try:
            with transaction.atomic():
                action = save.one(row)
        except Refusal as refusal:
            said = refusal.fields if isinstance(refusal, Rejected) else {"": [refusal.message]}
            found.rejected.append((number, {name: "；".join(texts) for name, texts in said.items()}))
        else:
            setattr(found, action, getattr(found, action) + 1)
    return found
