"""Models of emergency supplies, for Django."""

from anlan.domains.supplies import demo
from anlan.domains.supplies.stocks import Movement, Stock

__all__ = ["Movement", "Stock", "demo"]
