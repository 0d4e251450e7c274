"""Import targets by code: those registered, and every ledger people may fill."""

from functools import cache

from anlan.engines.exchange.ledgers import LedgerTarget
from anlan.engines.exchange.targets import ImportTarget, targets
from anlan.engines.registry.api import ledgers
from anlan.kernel.errors import Missing


@cache
def _of_ledger(code: str) -> LedgerTarget | None:
    ledger = ledgers.get(code)
    return None if ledger is None or ledger.readonly or not ledger.form_names else LedgerTarget(ledger)


def target_of(code: str) -> ImportTarget:
    """The target; Missing where nothing can be imported under this code."""
    found = targets.get(code) or _of_ledger(code)
    if found is None:
        raise Missing
    return found
