"""Every saved state of a document stays: looked at, compared, and taken back into use (D05.1, D05.8)."""

from typing import Any

from django.conf import settings
from django.db import models

from anlan.engines.audit.api import Actor, Written, change
from anlan.engines.library.documents import Document
from anlan.kernel import clock, events

KEPT = ("title", "number", "issuer", "level", "body")


class Edition(models.Model):
    """The words of a document after one save; ``number`` is the version of the record."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField("版本")
    values = models.JSONField(default=dict)
    filed = models.CharField(max_length=100, blank=True)
    saved_at = models.DateTimeField("保存时间", default=clock.now)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="library_edition_once")]

    def __str__(self) -> str:
        return f"{self.values.get('title', '')} 第 {self.number} 版"


@events.on(Written)
def keep(event: Written) -> None:
    """Lay the present words aside with every save that changed something."""
    document = event.record
    if not isinstance(document, Document) or not event.after:
        return
    Edition.objects.create(
        document=document,
        number=document.version,
        values={name: getattr(document, name) for name in KEPT},
        filed=f"{document.kind} · {document.topic}",
        saved_by=event.actor.user,
    )


def edition_of(document: Document, number: int) -> Edition | None:
    """One saved state."""
    return Edition.objects.filter(document=document, number=number).select_related("saved_by").first()


def restore(actor: Actor, document: Document, edition: Edition) -> Document:
    """Bring former words back as a new version; the ones in force stay among the former ones."""
    values: dict[str, Any] = dict(edition.values)
    return change(actor, document, values, action="restore")
