"""The library engine's door: documents, shelves, search, and what clauses can be linked to."""

from anlan.engines.library.documents import Document, current
from anlan.engines.library.editions import Edition
from anlan.engines.library.extracts import Extract, read_at_once, read_file
from anlan.engines.library.importing import bring_in, read_upload
from anlan.engines.library.index import index
from anlan.engines.library.linking import DocumentLink, Linkable, declare_linkable, link, linkables
from anlan.engines.library.passages import Passage, Piece, store, store_all
from anlan.engines.library.reading_registers import Readings, Receipts, RequiredReading
from anlan.engines.library.readings import Reading
from anlan.engines.library.registers import Documents
from anlan.engines.library.required import Receipt, Required, issue
from anlan.engines.library.searching import Search, holding
from anlan.engines.library.shelves import DocumentKind, Topic

__all__ = [
    "Document",
    "DocumentKind",
    "DocumentLink",
    "Documents",
    "Edition",
    "Extract",
    "Linkable",
    "Passage",
    "Piece",
    "Reading",
    "Readings",
    "Receipt",
    "Receipts",
    "Required",
    "RequiredReading",
    "Search",
    "Topic",
    "bring_in",
    "current",
    "declare_linkable",
    "holding",
    "index",
    "issue",
    "link",
    "linkables",
    "read_at_once",
    "read_file",
    "read_upload",
    "store",
    "store_all",
]
