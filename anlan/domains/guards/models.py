"""Models of guards, for Django."""

from anlan.domains.guards import demo
from anlan.domains.guards.cards import Card

__all__ = ["Card", "demo"]
