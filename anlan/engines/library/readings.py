"""Who read what: one line per person, document and visit (D05.6)."""

from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest

from anlan.engines.audit.api import Actor, create
from anlan.engines.library.documents import Document
from anlan.engines.org.api import Record
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected

RULE = "同一人一次登录期间多次打开只计一次；起草人本人打开不计"


class Reading(Record):
    """``reader`` of the unit ``org`` opened the document during one visit (from sign-in to sign-out)."""

    OWNER = "reader"

    document = models.ForeignKey(Document, models.PROTECT, related_name="readings", verbose_name="文件")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="阅读人"
    )
    visit = models.CharField(max_length=32, editable=False)
    read_at = models.DateTimeField("阅读时间", default=clock.now, db_index=True)

    class Meta(Record.Meta):
        verbose_name = "阅读记录"
        constraints = [
            models.UniqueConstraint(fields=["document", "reader", "visit"], name="library_reading_once")
        ]

    def __str__(self) -> str:
        return f"{self.reader} {self.document}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return f"/library/readings/{self.pk}/"


def visit_of(request: HttpRequest) -> str:
    """What tells this visit from others; nothing that would open it."""
    session: Any = getattr(request, "session", None)
    key = session.session_key if session is not None else None
    return sha256((key or f"{clock.today()}").encode()).hexdigest()[:32]


def note_reading(request: HttpRequest, document: Document) -> bool:
    """Count an opening, once per visit and never for who drafted the document; whether it counted."""
    user: Any = request.user
    if user.unit_id is None or document.created_by_id == user.pk or document.force == "draft":
        return False
    visit = visit_of(request)
    if Reading.unguarded.filter(document=document, reader=user, visit=visit).exists():
        return False
    try:
        made = Reading(org=user.unit, document=document, reader=user, visit=visit)
        create(Actor.of(request), made, action="read")
    except (Conflict, Rejected):  # two pages opened at once
        return False
    return True
