"""Links between a place in a document and any record, shown on both sides under the scope of both."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from anlan.engines.audit.api import Actor, archive, create
from anlan.engines.files.api import Attachment
from anlan.engines.library.documents import Document
from anlan.engines.library.passages import Passage
from anlan.engines.library.searching import VIEW
from anlan.engines.org.api import Record, declare_permission, may, require, scope
from anlan.kernel.errors import Conflict, Forbidden, Missing
from anlan.kernel.registry import Registry

QUOTE = 200
LINK = declare_permission(
    "library.links.add",
    "关联法规依据",
    (
        "bureau_safety",
        "team_admin",
        "township_officer",
        "inspector",
        "hazard_raiser",
        "school_safety",
        "school_head",
    ),
).code


@dataclass(frozen=True)
class Linkable:
    """A kind of record clauses are linked to: ``view`` is the right to see it, ``page`` begins its address."""

    code: str
    title: str
    model: str
    view: str
    page: str

    def rows(self, user: Any) -> Any:
        """Records of the kind the person may see."""
        found: type[Record] = apps.get_model(self.model)
        return found.objects.visible(user, self.view)

    def url(self, pk: int) -> str:
        """Address of a record."""
        return f"{self.page}{pk}/"


linkables: Registry[Linkable] = Registry("linkable kind of record")


def declare_linkable(kind: Linkable) -> Linkable:
    """Let clauses be linked to records of this kind."""
    return linkables.add(kind.code, kind)


class DocumentLink(Record):
    """A place of a document and a record of ``model``; ``quote`` says what stood there when it was linked."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="links")
    source = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")
    number = models.PositiveIntegerField()
    place = models.CharField(max_length=140)
    quote = models.CharField(max_length=QUOTE)
    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()

    class Meta(Record.Meta):
        verbose_name = "法规依据"
        indexes = [models.Index(fields=["model", "object_id"], name="library_link_record")]
        constraints = [
            models.UniqueConstraint(
                "document",
                Coalesce("source", Value(0), output_field=models.BigIntegerField()),
                "number",
                "model",
                "object_id",
                name="library_link_once",
                condition=Q(archived_at=None),
                violation_error_message="这一处已经关联过",
            )
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.place}"

    @property
    def url(self) -> str:
        """The place in the reader."""
        return f"/library/documents/{self.document_id}/read?part={self.source_id or 0}&at={self.number}#here"


def target_of(user: Any, said: str) -> tuple[Linkable, Any]:
    """The record ``code:pk`` means; Missing outside the scope, Forbidden without the right to link to it."""
    code, _, pk = said.partition(":")
    kind = linkables.get(code)
    if kind is None or not pk.isdecimal() or len(pk) > 18 or not may(user, kind.view):
        raise Missing
    record = kind.rows(user).select_related("org").one(pk=int(pk))
    if not scope(user, LINK).covers(record.org.path):
        raise Forbidden(LINK)
    return kind, record


def link(actor: Actor, passage: Passage, record: Record) -> DocumentLink:
    """Link a place to a record; doing it again gives the link there is."""
    place = {
        "document": passage.document,
        "source": passage.source,
        "number": passage.number,
        "model": record._meta.label_lower,
        "object_id": record.pk,
    }
    there: DocumentLink | None = DocumentLink.unguarded.filter(archived_at=None, **place).first()
    if there is not None:
        return there
    quote = " ".join(passage.text.split())[:QUOTE]
    return create(
        actor, DocumentLink(org=record.org, place=passage.where, quote=quote, **place), action="link"
    )


def unlink(actor: Actor, found: DocumentLink) -> DocumentLink:
    """Take a link away; it stays in the trail."""
    if found.archived_at is not None:
        raise Conflict("这条关联已经取消")
    return archive(actor, found, action="unlink")


def link_for(user: Any, pk: int) -> tuple[DocumentLink, Linkable]:
    """A link to a record the person may link to, with the kind of that record."""
    require(user, LINK)
    found = DocumentLink.objects.visible(user, LINK).select_related("document", "org").one(pk=pk)
    kind = next((one for one in linkables if one.model.lower() == found.model), None)
    if kind is None or not may(user, kind.view):
        raise Missing
    kind.rows(user).one(pk=found.object_id)
    return found, kind


def clauses_of(user: Any, record: Record) -> list[DocumentLink]:
    """Places linked to a record, in documents the person may read."""
    if not may(user, VIEW):
        return []
    rows = DocumentLink.objects.unscoped().filter(
        model=record._meta.label_lower, object_id=record.pk, archived_at=None
    )
    rows = rows.filter(document__in=Document.objects.visible(user, VIEW).values("pk"))
    return list(rows.select_related("document", "org").order_by("pk"))


@dataclass(frozen=True)
class Linked:
    """A record linked to a document, as its page lists it."""

    title: str
    url: str
    link: DocumentLink


def linked_to(user: Any, document: Document) -> list[tuple[str, list[Linked]]]:
    """Records linked to a document, kind by kind, as far as the person may see them."""
    links = list(DocumentLink.objects.unscoped().filter(document=document, archived_at=None).order_by("pk"))
    found = []
    for kind in linkables if links else ():
        mine = [one for one in links if one.model == kind.model.lower()]
        if not mine or not may(user, kind.view):
            continue
        seen = kind.rows(user).in_bulk([one.object_id for one in mine])
        lines = [
            Linked(str(seen[one.object_id]), kind.url(one.object_id), one)
            for one in mine
            if one.object_id in seen
        ]
        if lines:
            found.append((kind.title, lines))
    return found
