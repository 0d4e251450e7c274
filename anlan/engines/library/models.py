"""Models of the library, for Django; ledgers and pages are declared beside them."""

from anlan.engines.library.documents import Document
from anlan.engines.library.editions import Edition
from anlan.engines.library.extracts import Extract
from anlan.engines.library.linking import DocumentLink
from anlan.engines.library.passages import Passage
from anlan.engines.library.readings import Reading
from anlan.engines.library.required import Receipt, Required
from anlan.engines.library.shelves import DocumentKind, Topic

__all__ = [
    "Document",
    "DocumentKind",
    "DocumentLink",
    "Edition",
    "Extract",
    "Passage",
    "Reading",
    "Receipt",
    "Required",
    "Topic",
]
