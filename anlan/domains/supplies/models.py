"""Models of emergency supplies, for Django."""

from anlan.domains.supplies import demo, registers
from anlan.domains.supplies.movements import Movement
from anlan.domains.supplies.stocks import Stock

__all__ = ["Movement", "Stock", "demo", "registers"]
