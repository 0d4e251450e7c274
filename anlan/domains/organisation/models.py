"""Models of the safety organisation, for Django; ledgers and rights are declared beside them."""

from anlan.domains.organisation import body_registers, demo, letter_registers, template_registers
from anlan.domains.organisation.bodies import Body, Placement, Seat
from anlan.domains.organisation.letters import Letter, LetterIssue, LetterTemplate

__all__ = [
    "Body",
    "Letter",
    "LetterIssue",
    "LetterTemplate",
    "Placement",
    "Seat",
    "body_registers",
    "demo",
    "letter_registers",
    "template_registers",
]
