"""Models of canteens, for Django; ledgers and rights are declared beside them."""

from anlan.domains.canteen import (
    canteen_registers,
    daily_registers,
    day_demo,
    day_registers,
    demo,
    log_registers,
    menu_registers,
    people_registers,
    stock_registers,
)
from anlan.domains.canteen.canteens import Canteen
from anlan.domains.canteen.control import Control
from anlan.domains.canteen.daily import DailyCheck, DailyPlan
from anlan.domains.canteen.licences import Licence
from anlan.domains.canteen.logs import AdditiveUse, Chilling, ColdStore, Disinfection, PestControl, Waste
from anlan.domains.canteen.meals import Meal, Visit
from anlan.domains.canteen.menus import Dish, Menu
from anlan.domains.canteen.papers import Company, Contract
from anlan.domains.canteen.rules import CanteenRules, Forbidden
from anlan.domains.canteen.samples import Sample
from anlan.domains.canteen.stock import Purchase, Stock, Withdrawal
from anlan.domains.canteen.workers import MorningCheck, Worker

__all__ = [
    "AdditiveUse",
    "Canteen",
    "CanteenRules",
    "Chilling",
    "ColdStore",
    "Company",
    "Contract",
    "Control",
    "DailyCheck",
    "DailyPlan",
    "Dish",
    "Disinfection",
    "Forbidden",
    "Licence",
    "Meal",
    "Menu",
    "MorningCheck",
    "PestControl",
    "Purchase",
    "Sample",
    "Stock",
    "Visit",
    "Waste",
    "Withdrawal",
    "Worker",
    "canteen_registers",
    "daily_registers",
    "day_demo",
    "day_registers",
    "demo",
    "log_registers",
    "menu_registers",
    "people_registers",
    "stock_registers",
]
