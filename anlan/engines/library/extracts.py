"""How far each file of a document has been read, and the job that reads it (D05.3)."""

from typing import Any

from django.db import models, transaction

from anlan.engines.audit.api import Actor, Written
from anlan.engines.files.api import Attachment
from anlan.engines.library.documents import SEARCHED, Document
from anlan.engines.library.extracting import Told, holds_text, pieces_of, silent
from anlan.engines.library.passages import (
    BETWEEN,
    PARAGRAPH,
    TITLE,
    Passage,
    Piece,
    add,
    pieces_of_markup,
    store,
)
from anlan.engines.tasks.api import Job, background, enqueue, progress
from anlan.kernel import clock, events
from anlan.kernel.errors import Rejected

BATCH = 200
LABEL = "library.document"
NO_TEXT = "没有文字（可能是扫描件），检索不到里面的内容"


class Extract(models.Model):
    """The reading of one file: waiting, done, empty (no text in it) or failed (``reason`` says why)."""

    attachment = models.OneToOneField(Attachment, models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, models.CASCADE, related_name="extracts")
    state = models.CharField(
        max_length=8,
        default="waiting",
        choices=[
            ("waiting", "正在识别文字"),
            ("done", "可以检索"),
            ("empty", "没有文字"),
            ("failed", "读不了"),
        ],
    )
    reason = models.CharField(max_length=200, blank=True)
    pieces = models.PositiveIntegerField(default=0)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["document", "state"], name="library_extract_state")]

    def __str__(self) -> str:
        return f"{self.attachment}：{self.get_state_display()}"

    @property
    def tone(self) -> str:
        """Tone of the state."""
        return {"waiting": "doing", "done": "done"}.get(self.state, "late")


@background("识别文件里的文字")
def read_file(job: Job, attachment: int) -> dict[str, Any]:
    """Read one file and index it; run twice it ends the same."""
    found = Attachment.objects.unscoped().select_related("file").filter(pk=attachment).first()
    if found is None or found.archived_at is not None or found.replaced_by_id is not None:
        return {}
    extract = read_at_once(found, lambda done, total: progress(job, done, total))
    words = extract.reason or f"{found.name}：{extract.pieces} 处文字可以检索"
    return {"url": extract.document.get_absolute_url(), "text": words}


def read_at_once(attachment: Attachment, told: Told = silent) -> Extract:
    """Read a file now and write down how it ended."""
    document = Document.unguarded.get(pk=attachment.object_id)
    state, reason, count = "done", "", 0
    try:
        count = _take(document, attachment, told)
    except Rejected as refused:
        state, reason = "failed", refused.message[:200]
    if state == "done" and not count:
        state, reason = "empty", NO_TEXT
    values = {"state": state, "reason": reason, "pieces": count, "settled_at": clock.now()}
    extract, _ = Extract.objects.update_or_create(
        attachment=attachment, defaults={"document": document, **values}
    )
    return extract


def _take(document: Document, found: Attachment, told: Told) -> int:
    """Pieces go in batch by batch, so that no transaction is long; a half read file is read again."""
    Passage.objects.filter(source=found).delete()
    batch: list[Piece] = []
    count = 0
    for piece in pieces_of(found.file, told):
        batch.append(piece)
        if len(batch) >= BATCH:
            count += _put(document, found, batch)
            batch = []
    return count + _put(document, found, batch)


@transaction.atomic
def _put(document: Document, found: Attachment, batch: list[Piece]) -> int:
    return add(document, found, batch)


def await_text(actor: Actor, document: Document, attachment: Attachment) -> None:
    """Queue the reading of a file."""
    Extract.objects.update_or_create(
        attachment=attachment, defaults={"document": document, "state": "waiting", "reason": ""}
    )
    enqueue(actor, read_file, title=f"识别文字：{attachment.name}", attachment=attachment.pk)


@events.on(Written)
def follow_file(event: Written) -> None:
    """A file that comes is read, one that goes leaves the index."""
    attachment = event.record
    if not isinstance(attachment, Attachment) or attachment.model != LABEL:
        return
    if event.action in ("detach", "replace"):
        Passage.objects.filter(source=attachment).delete()
        Extract.objects.filter(attachment=attachment).delete()
    elif event.action == "attach" and attachment.slot in SEARCHED and holds_text(attachment.file.kind):
        await_text(event.actor, Document.unguarded.get(pk=attachment.object_id), attachment)


@events.on(Written)
def follow_text(event: Written) -> None:
    """Typed text is searchable with the save that brought it."""
    document = event.record
    if not isinstance(document, Document):
        return
    if not event.before:
        add(document, None, [_heading(document), *pieces_of_markup(document.body)])
        return
    if {"title", "number", "issuer"} & set(event.after):
        store(document, None, [_heading(document)], kinds=TITLE)
    if "body" in event.after:
        store(document, None, pieces_of_markup(document.body), kinds=PARAGRAPH)


def _heading(document: Document) -> Piece:
    return Piece(TITLE, 0, BETWEEN.join(filter(None, (document.title, document.number, document.issuer))))


def read_again(actor: Actor, document: Document) -> int:
    """Queue every file of the document once more; how many."""
    rows = Extract.objects.filter(document=document).select_related("attachment__file")
    for row in rows:
        await_text(actor, document, row.attachment)
    return len(rows)


def readings_of_files(document: Document) -> list[Extract]:
    """Readings of the document's files, in order."""
    return list(
        Extract.objects.filter(document=document).select_related("attachment__file").order_by("attachment")
    )
