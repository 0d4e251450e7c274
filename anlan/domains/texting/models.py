"""Models of text messages, for Django."""

from anlan.domains.texting.patterns import Pattern
from anlan.domains.texting.sendings import Sending
from anlan.domains.texting.texts import Text

__all__ = ["Pattern", "Sending", "Text"]
