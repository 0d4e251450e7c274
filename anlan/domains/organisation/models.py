"""Models of the safety organisation, for Django; ledgers and rights are declared beside them."""

from anlan.domains.organisation import (
    body_registers,
    demo,
    letter_registers,
    meeting_registers,
    navigation,
    staff,
    template_registers,
)
from anlan.domains.organisation.bodies import Body, Placement, Seat
from anlan.domains.organisation.contacts import Contact
from anlan.domains.organisation.letters import Letter, LetterIssue, LetterTemplate
from anlan.domains.organisation.meetings import Meeting, MeetingTask, SignIn

__all__ = [
    "Body",
    "Contact",
    "Letter",
    "LetterIssue",
    "LetterTemplate",
    "Meeting",
    "MeetingTask",
    "Placement",
    "Seat",
    "SignIn",
    "body_registers",
    "demo",
    "letter_registers",
    "meeting_registers",
    "navigation",
    "staff",
    "template_registers",
]
