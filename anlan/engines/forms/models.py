"""Models of the forms engine, for Django."""

from anlan.engines.forms.answers import Answer
from anlan.engines.forms.bank import Item, ItemCategory
from anlan.engines.forms.designs import FormDefinition, FormVersion
from anlan.engines.forms.responses import Response
from anlan.engines.forms.tallies import AnswerChange, AnswerTally

__all__ = [
    "Answer",
    "AnswerChange",
    "AnswerTally",
    "FormDefinition",
    "FormVersion",
    "Item",
    "ItemCategory",
    "Response",
]
