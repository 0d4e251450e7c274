"""API keys: issued to an account, stored as a digest, revocable, dead as soon as the account is off."""

import hashlib
import secrets
from typing import Any

from django.conf import settings
from django.db import models, transaction

from anlan.engines.audit.api import Actor, log
from anlan.kernel import clock

PREFIX = "anl_"


class ApiKey(models.Model):
    """A key acts with the rights of its account and nothing more; ``start`` helps people tell keys apart."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="账号")
    title = models.CharField("用途", max_length=40)
    start = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField("签发时间", default=clock.now)
    expires_on = models.DateField("有效期至", null=True, blank=True)
    revoked_at = models.DateTimeField("吊销时间", null=True)

    class Meta:
        verbose_name = "接口密钥"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.title} {self.start}…"


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def issue(actor: Actor, title: str, expires_on: Any = None) -> str:
    """A new key of the acting person; it is shown once and cannot be read again."""
    key = PREFIX + secrets.token_urlsafe(32)
    stored = ApiKey.objects.create(
        user=actor.user, title=title[:40], start=key[:12], digest=_digest(key), expires_on=expires_on
    )
    log(actor, "api-key:issue", stored)
    return key


@transaction.atomic
def revoke(actor: Actor, key: ApiKey) -> None:
    """End a key at once."""
    key.revoked_at = clock.now()
    key.save(update_fields=["revoked_at"])
    log(actor, "api-key:revoke", key)


def holder_of(key: str) -> Any:
    """The account behind a key; None for an unknown, revoked or expired one, or an account switched off."""
    found = ApiKey.objects.select_related("user__unit").filter(digest=_digest(key), revoked_at=None).first()
    if found is None or (found.expires_on and found.expires_on < clock.today()):
        return None
    return found.user if found.user.is_active else None
