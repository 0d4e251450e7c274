"""Sealed papers: the PDF of a signed record, kept as it is, with a code under which anybody can check it (S05.3)."""

import base64
import secrets
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models import Q
from django.template.loader import render_to_string

from anlan.engines.audit.api import Actor, create
from anlan.engines.files.api import attach, attachments_of, thumbnail
from anlan.engines.org.api import Record
from anlan.engines.output.certifying import certified
from anlan.engines.output.codes import qr_data
from anlan.engines.output.paper import pdf_of
from anlan.engines.output.signatures import Signature, Signed, picture_of, signature_faults, signatures_of
from anlan.kernel import clock
from anlan.kernel.errors import Missing

PAPER = "paper"


class SealedPaper(Record):
    """The paper of one record; ``token`` is the unguessable end of its checking address."""

    model = models.CharField("对象类型", max_length=60)
    object_id = models.BigIntegerField("对象编号")
    title = models.CharField("标题", max_length=120)
    token = models.CharField(max_length=32, unique=True, editable=False)
    content = models.CharField("内容校验值", max_length=64)
    sealed_at = models.DateTimeField("成文时间", default=clock.now)

    class Meta(Record.Meta):
        verbose_name = "签署文书"
        constraints = [
            models.UniqueConstraint(
                fields=["model", "object_id"], name="output_sealed_once", condition=Q(archived_at=None)
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def address(self) -> str:
        """Where anybody holding the paper can check it."""
        return f"/verify/{self.token}/"

    @property
    def record(self) -> Any:
        """The record the paper is about."""
        return apps.get_model(self.model)._base_manager.get(pk=self.object_id)

    @property
    def file_address(self) -> str:
        """Where those who read the record fetch the PDF."""
        found = attachments_of(self, PAPER)
        return found[0].address("download") if found else ""

    @property
    def sha256(self) -> str:
        """The digest of the PDF."""
        found = attachments_of(self, PAPER)
        return str(found[0].file.sha256) if found else ""


def paper_of(record: Record) -> SealedPaper | None:
    """The sealed paper of a record."""
    rows = SealedPaper.objects.unscoped().filter(
        model=record._meta.label_lower, object_id=record.pk, archived_at=None
    )
    found: SealedPaper | None = rows.select_related("org").first()
    return found


def paper_by(token: str) -> SealedPaper:
    """The paper with this token; Missing for an unknown one."""
    found: SealedPaper = SealedPaper.objects.unscoped().select_related("org").one(token=token)
    return found


@transaction.atomic
def seal(actor: Actor, record: Signed, title: str, template: str, context: dict[str, Any]) -> SealedPaper:
    """Draw the PDF with everybody's signature and a code to check it, and keep it for good; the paper sealed
    before where there is one. The template gets ``paper``, ``signatures``, ``code`` and ``context``.
    """
    if there := paper_of(record):
        return there
    made = SealedPaper(
        org=record.org,
        model=record._meta.label_lower,
        object_id=record.pk,
        title=title,
        token=secrets.token_urlsafe(16),
        content=record.signed_content(),
    )
    create(actor, made, action="seal")
    said = {
        "paper": made,
        "signatures": [drawn(one) for one in signatures_of(record)],
        "code": qr_data(f"{settings.SITE_URL}{made.address}"),
    }
    pdf = certified(pdf_of(render_to_string(template, said | context)), title)
    attach(actor, made, ContentFile(pdf, f"{title}.pdf"), PAPER)
    return made


def drawn(signature: Signature) -> dict[str, Any]:
    """A signature for paper; ``picture`` is a data address, empty where the password alone was given."""
    file = picture_of(signature)
    content = base64.b64encode(thumbnail(file, edge=480)).decode() if file else ""
    return {"row": signature, "picture": f"data:image/jpeg;base64,{content}" if content else ""}


def content_of(paper: SealedPaper) -> bytes:
    """The PDF; Missing where it was lost."""
    found = attachments_of(paper, PAPER)
    if not found or not found[0].file.path.exists():
        raise Missing
    content: bytes = found[0].file.path.read_bytes()
    return content


def paper_faults(paper: SealedPaper) -> list[str]:
    """What is wrong with a paper: signatures changed, file changed; nothing for a sound one."""
    faults = signature_faults(paper.record)
    found = attachments_of(paper, PAPER)
    if not found or not found[0].file.intact():
        faults.append("文件与成文时不一致")
    return faults
