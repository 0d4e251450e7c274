"""Models of guards, for Django; ledgers and rights are declared beside them."""

from anlan.domains.guards import (
    analysis,
    assessment_registers,
    demo,
    gear_registers,
    manning,
    registers,
    staff,
    strength,
)
from anlan.domains.guards.assessments import Assessment, Barred, Item, Merit
from anlan.domains.guards.bodies import Body, Contract
from anlan.domains.guards.cards import Card
from anlan.domains.guards.gear import Gear, Issue, Norm, Post
from anlan.domains.guards.people import Guard
from anlan.domains.guards.posting import PostShift
from anlan.domains.guards.rules import GuardRules
from anlan.domains.guards.visits import Visit

__all__ = [
    "Assessment",
    "Barred",
    "Body",
    "Card",
    "Contract",
    "Gear",
    "Guard",
    "GuardRules",
    "Issue",
    "Item",
    "Merit",
    "Norm",
    "Post",
    "PostShift",
    "Visit",
    "analysis",
    "assessment_registers",
    "demo",
    "gear_registers",
    "manning",
    "registers",
    "staff",
    "strength",
]
