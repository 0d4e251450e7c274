"""Models of guards, for Django; ledgers and rights are declared beside them."""

from anlan.domains.guards import demo, registers, strength
from anlan.domains.guards.bodies import Body, Contract
from anlan.domains.guards.cards import Card
from anlan.domains.guards.people import Guard
from anlan.domains.guards.rules import GuardRules

__all__ = ["Body", "Card", "Contract", "Guard", "GuardRules", "demo", "registers", "strength"]
