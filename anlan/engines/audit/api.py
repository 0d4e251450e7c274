"""The audit engine's door: the one write path, actors, entries and the chain."""

from anlan.engines.audit.actors import SYSTEM, Actor, acting, current_actor
from anlan.engines.audit.backups import back_up, take_away_old
from anlan.engines.audit.entries import AuditEntry
from anlan.engines.audit.reading import entries_for, history
from anlan.engines.audit.receipts import Receipt, claim, outcome_of
from anlan.engines.audit.revealing import reveal
from anlan.engines.audit.sealing import ChainFault, seal, verify_chain
from anlan.engines.audit.writing import (
    Changing,
    Written,
    WrittenTogether,
    archive,
    change,
    create,
    create_all,
    log,
    snapshot,
    validate,
)

__all__ = [
    "SYSTEM",
    "Actor",
    "AuditEntry",
    "ChainFault",
    "Changing",
    "Receipt",
    "Written",
    "WrittenTogether",
    "acting",
    "archive",
    "back_up",
    "change",
    "claim",
    "create",
    "create_all",
    "current_actor",
    "entries_for",
    "history",
    "log",
    "outcome_of",
    "reveal",
    "seal",
    "snapshot",
    "take_away_old",
    "validate",
    "verify_chain",
]
