"""The registry engine's door: declaring ledgers and finding them."""

from anlan.engines.registry.data import Datum, computed
from anlan.engines.registry.declaring import Block, Ledger, Personal, block
from anlan.engines.registry.known import ledger_of, ledgers
from anlan.engines.registry.masking import masked
from anlan.engines.registry.registering import ledger

__all__ = [
    "Block",
    "Datum",
    "Ledger",
    "Personal",
    "block",
    "computed",
    "ledger",
    "ledger_of",
    "ledgers",
    "masked",
]
