"""Bringing files in as documents: Word and text become text that can be edited, others stay files (D05.7, D05.8)."""

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.db import transaction

from anlan.engines.audit.api import Actor, change, create
from anlan.engines.files.api import Upload, adopt, attachments_of, remove, upload_of
from anlan.engines.library.documents import ORIGINAL, SOURCE, Document
from anlan.engines.library.extracting import MARKUPS, markup_of
from anlan.engines.org.api import OrgUnit
from anlan.kernel.errors import Missing, Rejected

NEW_VERSION, SECOND = "version", "second"


@dataclass(frozen=True)
class Incoming:
    """An uploaded file with the words it was read to; no ``body`` for files that stay as they are."""

    upload: Upload
    title: str
    body: str


def read_upload(user: Any, uid: UUID) -> Incoming:
    """An upload of the person, read; Rejected with the file's name where it cannot be."""
    upload = upload_of(user, uid)
    if upload.file is None:
        raise Missing
    try:
        body = markup_of(upload.file) if upload.file.kind in MARKUPS else ""
    except Rejected as refused:
        raise Rejected({"source": f"{upload.name}：{refused.message}"}) from None
    return Incoming(upload, PurePath(upload.name).stem[:200], body)


def namesake(org: OrgUnit, title: str) -> Document | None:
    """The unit's own document of this name."""
    rows = Document.objects.unscoped().filter(org=org, title=title, archived_at=None)
    found: Document | None = rows.order_by("-pk").first()
    return found


@transaction.atomic
def bring_in(actor: Actor, incoming: Incoming, values: dict[str, Any], same: str) -> Document:
    """Make a document of a file, or a new version of the one with its name.

    Rejected where there is one with this name and ``same`` does not say what to do.
    """
    former = namesake(values["org"], incoming.title)
    if former is not None and same not in (NEW_VERSION, SECOND):
        raise Rejected({"same": f"已有同名文件“{former.title}”，请选择怎么处理"})
    if former is not None and same == NEW_VERSION:
        return _renew(actor, former, incoming)
    document = create(actor, Document(title=incoming.title, body=incoming.body, **values))
    _file(actor, document, incoming)
    return document


def _renew(actor: Actor, document: Document, incoming: Incoming) -> Document:
    slot = _slot(incoming)
    for item in attachments_of(document, slot):
        remove(actor, item)
    # A version even where the words are the same: its file is another one.
    change(actor, document, {"body": incoming.body}, action="import")
    _file(actor, document, incoming)
    return document


def _slot(incoming: Incoming) -> str:
    return ORIGINAL if incoming.body else SOURCE


def _file(actor: Actor, document: Document, incoming: Incoming) -> None:
    adopt(actor, document, _slot(incoming), [incoming.upload.uid])
