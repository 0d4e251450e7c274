"""Models of canteens, for Django; ledgers and rights are declared beside them."""

from anlan.domains.canteen import canteen_registers, demo, people_registers
from anlan.domains.canteen.canteens import Canteen
from anlan.domains.canteen.papers import Company, Contract, Licence
from anlan.domains.canteen.rules import CanteenRules, Forbidden
from anlan.domains.canteen.workers import MorningCheck, Worker

__all__ = [
    "Canteen",
    "CanteenRules",
    "Company",
    "Contract",
    "Forbidden",
    "Licence",
    "MorningCheck",
    "Worker",
    "canteen_registers",
    "demo",
    "people_registers",
]
