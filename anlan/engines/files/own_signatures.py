"""The signature a person keeps to sign with later; it is released by the password only (D12.1)."""

from typing import Any

from django.conf import settings
from django.db import models, transaction

from anlan.engines.audit.api import Actor, log
from anlan.engines.files.receiving import receive
from anlan.engines.files.stored import StoredFile, discard_unused
from anlan.kernel import clock

NAME = "签名.png"


class OwnSignature(models.Model):
    """The picture of one person's signature; nobody else ever gets it from here."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    kept_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "本人签名"

    def __str__(self) -> str:
        return f"{self.user} {self.kept_at:%Y-%m-%d}"


def own_signature(user: Any) -> OwnSignature | None:
    """The person's kept signature."""
    return OwnSignature.objects.filter(user=user).select_related("file").first()


@transaction.atomic
def keep_signature(actor: Actor, drawn: bytes) -> OwnSignature:
    """Keep a drawn signature in place of the one before; written down."""
    stored = receive([drawn], NAME).file
    before = own_signature(actor.user)
    kept, _ = OwnSignature.objects.update_or_create(
        user=actor.user, defaults={"file": stored, "kept_at": clock.now()}
    )
    log(actor, "signature.keep", title="保存本人签名", path=actor.user.path, after={"picture": stored.sha256})
    if before is not None and before.file_id != stored.pk:
        discard_unused(before.file)
    return kept


@transaction.atomic
def forget_signature(actor: Actor) -> None:
    """Away with the kept signature; what was signed with it stays."""
    if kept := own_signature(actor.user):
        kept.delete()
        discard_unused(kept.file)
        log(actor, "signature.forget", title="删除本人签名", path=actor.user.path)
