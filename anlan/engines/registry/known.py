"""The registry of ledgers, and finding a model's ledger."""

from collections.abc import Iterator

from django.db import models

from anlan.engines.registry.checking import faults_of
from anlan.engines.registry.declaring import Ledger
from anlan.kernel.registry import Registry


def _verify(item: Ledger) -> Iterator[str]:
    yield from faults_of(item)
    mine = sorted(other.code for other in ledgers if other.model is item.model and not other.readonly)
    if not item.readonly and len(mine) > 1:
        yield f"{item.model.__name__} is maintained by {', '.join(mine)}"


ledgers: Registry[Ledger] = Registry("ledger", _verify)


def ledgers_of(model: type[models.Model]) -> list[Ledger]:
    """Every ledger of a model."""
    return [item for item in ledgers if item.model is model]


def ledger_of(model: type[models.Model]) -> Ledger | None:
    """The ledger that maintains a model's rows; a read-only one where no other exists."""
    found = ledgers_of(model)
    return next((item for item in found if not item.readonly), found[0] if found else None)
