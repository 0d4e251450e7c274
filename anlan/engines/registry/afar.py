"""What people did without a network comes in once: a new record or a move, named by the uid the phone gave it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from anlan.engines.audit.api import Actor, claim, log, outcome_of
from anlan.engines.registry.access import one
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.evidence import keep, open_slots
from anlan.engines.registry.forming import move_form
from anlan.engines.registry.interface.values import checked, cleaned
from anlan.engines.registry.saving import add
from anlan.engines.workflow.api import entitled, perform
from anlan.kernel.errors import Conflict, Forbidden, Missing, Rejected

Uids = Mapping[str, Sequence[UUID]]


@dataclass(frozen=True)
class Sent:
    """One entry of a phone's outbox: values by field, files by slot (uids of the person's own uploads)."""

    uid: UUID
    values: dict[str, Any] = field(default_factory=dict)
    files: Uids = field(default_factory=dict)
    version: int | None = None

    def slots(self, allowed: Sequence[str]) -> dict[str, list[UUID]]:
        """Files by slot; Rejected for a slot that is not asked for."""
        if unknown := set(self.files) - set(allowed):
            raise Rejected(dict.fromkeys(sorted(unknown), "这里不收这些文件"))
        return {slot: list(uids) for slot, uids in self.files.items()}


def once_from_afar(actor: Actor, sent: Sent, work: Callable[[], str]) -> str:
    """Do the work, which returns an address, in one transaction; the same uid again gives the address it gave then."""
    key = f"afar:{sent.uid}"
    try:
        with transaction.atomic():
            receipt = claim(actor, key)
            if receipt is None:
                return outcome_of(actor, key)
            receipt.outcome = work()[:200]
            receipt.save(update_fields=["outcome"])
    except (Conflict, Forbidden) as refused:
        # What the work wrote down about it went back with the transaction.
        log(actor, "refused:afar", succeeded=False, reason=refused.message)
        raise
    return receipt.outcome


def add_from_afar(actor: Actor, ledger: Ledger, sent: Sent) -> Any:
    """A new record with its files, checked as on its form; inside the caller's transaction."""
    record = add(actor, ledger, cleaned(ledger, actor.user, None, sent.values))
    keep(actor, record, sent.slots(list(ledger.files)))
    return record


def move_from_afar(actor: Actor, ledger: Ledger, pk: int, name: str, sent: Sent) -> Any:
    """A move with its files, checked as on the record's page; inside the caller's transaction."""
    record = one(ledger, actor.user, pk)
    step = ledger.flow.moves.get(name) if ledger.flow else None
    if step is None:
        raise Missing
    if not entitled(actor.user, record, step):
        raise Forbidden(step.permission)
    form = checked(move_form(ledger, actor.user, record, step, sent.values))
    asked = (*step.needs, *step.takes)
    values = {key: value for key, value in form.values().items() if key in asked}
    files = keep(actor, record, sent.slots([*asked, *open_slots(ledger)]))
    return perform(actor, record, name, values, files=files, version=sent.version)
