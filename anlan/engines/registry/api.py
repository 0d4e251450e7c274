"""The registry engine's door: declaring ledgers and finding them."""

from anlan.engines.registry.acting import Act, act, acts_of
from anlan.engines.registry.data import Datum, computed
from anlan.engines.registry.declaring import Block, Ledger, Personal, block
from anlan.engines.registry.known import ledger_of, ledgers
from anlan.engines.registry.masking import masked
from anlan.engines.registry.registering import ledger

__all__ = [
    "Act",
    "Block",
    "Datum",
    "Ledger",
    "Personal",
    "act",
    "acts_of",
    "block",
    "computed",
    "ledger",
    "ledger_of",
    "ledgers",
    "masked",
]
