"""Models of the safety organisation, for Django; ledgers and rights are declared beside them."""

from anlan.domains.organisation import demo, letter_registers, template_registers
from anlan.domains.organisation.letters import Letter, LetterIssue, LetterTemplate

__all__ = ["Letter", "LetterIssue", "LetterTemplate", "demo", "letter_registers", "template_registers"]
