"""Signatures on a record: who signed what, in which capacity, when and why; each covers the one before (S05.3)."""

import hashlib
import json
from datetime import UTC
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models import Q

from anlan.engines.audit.api import Actor, create, log
from anlan.engines.files.api import StoredFile, attach, attachments_of, receive
from anlan.engines.org.api import Record
from anlan.kernel import clock
from anlan.kernel.errors import Conflict
from anlan.kernel.personal import Personal, declare_personal

PICTURE = "signature"
NAME = "签名.png"


class Method(models.TextChoices):
    """How the person signed: on the pad, or by the password alone."""

    DRAWN = "drawn", "手写签名"
    PASSWORD = "password", "密码确认"


declare_personal(
    "output.signature", name=Personal("签署文书的身份证明", "电子签名法 第十三条", "与签署的文书同期保存")
)


class Signature(Record):
    """One signature; never changed. ``content`` is the digest of what was signed, ``digest`` covers this row
    and the signature before it.
    """

    OWNER = "person"

    model = models.CharField("对象类型", max_length=60)
    object_id = models.BigIntegerField("对象编号")
    capacity = models.CharField("签署身份", max_length=40)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="签署人"
    )
    name = models.CharField("姓名", max_length=40)
    reason = models.CharField("签署事由", max_length=100)
    method = models.CharField("方式", max_length=8, choices=Method.choices)
    at = models.DateTimeField("签署时间", default=clock.now)
    content = models.CharField("内容校验值", max_length=64)
    picture = models.CharField("签名校验值", max_length=64, blank=True)
    digest = models.CharField("校验值", max_length=64)

    class Meta(Record.Meta):
        verbose_name = "签名"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["model", "object_id", "capacity"],
                name="output_signature_once",
                condition=Q(archived_at=None),
                violation_error_message="已经签署过了",
            )
        ]

    def __str__(self) -> str:
        return f"{self.capacity} {self.name}"

    def reckoned(self, former: str) -> str:
        """What the digest must be after the signature with digest ``former``."""
        said = [former, self.content, self.capacity, self.person_id, self.name, self.reason, self.method]
        said += [self.at.astimezone(UTC).isoformat(), self.picture]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


class Signed(Record):
    """A record people sign; each says what its signatures stand for."""

    class Meta:
        abstract = True

    def signed_content(self) -> str:
        """The digest of what is signed; see :func:`content_digest`."""
        raise NotImplementedError

    @property
    def signed_under(self) -> "Signed | None":
        """The record whose signatures go before those of this one, such as the issue a letter belongs to."""
        return None


def content_digest(*parts: Any) -> str:
    """The digest of what is signed: JSON values in a fixed order."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, default=str).encode()).hexdigest()


def own_signatures(record: Signed) -> list[Signature]:
    """On the record itself, in the order of signing."""
    rows = Signature.objects.unscoped().filter(
        model=record._meta.label_lower, object_id=record.pk, archived_at=None
    )
    return list(rows.select_related("org").order_by("pk"))


def signatures_of(record: Signed) -> list[Signature]:
    """Those of the record it was signed under, then its own."""
    above = record.signed_under
    return [*(signatures_of(above) if above else ()), *own_signatures(record)]


@transaction.atomic
def sign(actor: Actor, record: Signed, capacity: str, reason: str, drawn: bytes = b"") -> Signature:
    """Sign the record; ``drawn`` is a PNG picture. Conflict where this capacity signed already, or where what
    an earlier signature stands for has changed.
    """
    before = signatures_of(record)
    if any(one.capacity == capacity for one in own_signatures(record)):
        raise Conflict("已经签署过了")
    if faults := signature_faults(record):
        raise Conflict(faults[0])
    made = Signature(
        org=record.org,
        model=record._meta.label_lower,
        object_id=record.pk,
        capacity=capacity,
        person=actor.user,
        name=actor.name,
        reason=reason,
        method=Method.DRAWN if drawn else Method.PASSWORD,
        content=record.signed_content(),
        picture=receive([drawn], NAME).file.sha256 if drawn else "",
    )
    made.digest = made.reckoned(before[-1].digest if before else "")
    create(actor, made, action="sign")
    if drawn:
        attach(actor, made, ContentFile(drawn, NAME), PICTURE)
    log(actor, "sign", record, reason=reason, after={"capacity": capacity, "digest": made.digest})
    return made


def signature_faults(record: Signed) -> list[str]:
    """What is wrong with the signatures on a record, in words; nothing where all stand for what is there now."""
    above, faults, former = record.signed_under, list[str](), ""
    if above is not None:
        faults += signature_faults(above)
        former = "".join(one.digest for one in signatures_of(above)[-1:])
    for one in own_signatures(record):
        faults += _faults(one, record.signed_content(), former)
        former = one.digest
    return faults


def _faults(one: Signature, content: str, former: str) -> list[str]:
    said = {
        "签署的内容与现在的不一致": one.content != content,
        "的签名被改动过": one.digest != one.reckoned(former),
        "的签名图片被换过": bool(one.picture) and one.picture != getattr(picture_of(one), "sha256", ""),
    }
    return [f"{one.capacity}{words}" for words, wrong in said.items() if wrong]


def picture_of(signature: Signature) -> StoredFile | None:
    """The drawn picture as it is kept."""
    found = attachments_of(signature, PICTURE)
    return found[0].file if found else None
