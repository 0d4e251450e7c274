"""The files engine's door: attachments of records, uploads on their way in, and who may read them."""

from anlan.engines.files.attaching import (
    adopt,
    attach,
    attachment_by,
    attachments_of,
    attachments_of_many,
    count,
    counts,
    remove,
    replace,
)
from anlan.engines.files.attachments import Attachment
from anlan.engines.files.blueprints import Blueprint, read_blueprint
from anlan.engines.files.carrying import carry_over
from anlan.engines.files.choosing import choose, declare_stock, in_stock
from anlan.engines.files.circumstances import Circumstances
from anlan.engines.files.confined import Lossy, confined
from anlan.engines.files.drafts import Upload
from anlan.engines.files.grids import Grid, OpenGrid, open_grid, read_grids
from anlan.engines.files.kinds import KINDS, FileKind, decode, recognise
from anlan.engines.files.limits import Limits, limits
from anlan.engines.files.own_signatures import OwnSignature, forget_signature, keep_signature, own_signature
from anlan.engines.files.previewing import preview
from anlan.engines.files.printable import Printable, printable
from anlan.engines.files.readers import Opened, may_read, may_read_files_of, register_reader
from anlan.engines.files.receiving import Incoming, Received, receive, receive_made, spool
from anlan.engines.files.receiving_views import in_json
from anlan.engines.files.shown import Shown, face, thumbnail
from anlan.engines.files.stored import StoredFile, damaged, discard_unused, sweep
from anlan.engines.files.texts import text_of
from anlan.engines.files.uploads import clean_drafts, put_whole, upload_of
from anlan.engines.files.vault import NoRoom, aside, room

__all__ = [
    "KINDS",
    "Attachment",
    "Blueprint",
    "Circumstances",
    "FileKind",
    "Grid",
    "Incoming",
    "Limits",
    "Lossy",
    "NoRoom",
    "OpenGrid",
    "Opened",
    "OwnSignature",
    "Printable",
    "Received",
    "Shown",
    "StoredFile",
    "Upload",
    "adopt",
    "aside",
    "attach",
    "attachment_by",
    "attachments_of",
    "attachments_of_many",
    "carry_over",
    "choose",
    "clean_drafts",
    "confined",
    "count",
    "counts",
    "damaged",
    "declare_stock",
    "decode",
    "discard_unused",
    "face",
    "forget_signature",
    "in_json",
    "in_stock",
    "keep_signature",
    "limits",
    "may_read",
    "may_read_files_of",
    "open_grid",
    "own_signature",
    "preview",
    "printable",
    "put_whole",
    "read_blueprint",
    "read_grids",
    "receive",
    "receive_made",
    "recognise",
    "register_reader",
    "remove",
    "replace",
    "room",
    "spool",
    "sweep",
    "text_of",
    "thumbnail",
    "upload_of",
]
