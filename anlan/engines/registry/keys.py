"""API keys: issued to an account, stored as a digest, revocable, dead as soon as the account is off (NF.206)."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from anlan.engines.audit.api import SYSTEM, Actor, log
from anlan.engines.identity.api import AccountStopped, User
from anlan.engines.org.api import declare_permission, scope
from anlan.kernel import clock
from anlan.kernel.errors import Forbidden
from anlan.kernel.events import on

PREFIX = "anl_"
TOUCH_EVERY = timedelta(minutes=10)
ADD, EDIT = (
    declare_permission("registry.api_keys.add", "为本人签发接口密钥", ("unit_admin", "bureau_safety")).code,
    declare_permission(
        "registry.api_keys.edit", "吊销所辖单位的接口密钥", ("unit_admin", "system_admin")
    ).code,
)


class ApiKey(models.Model):
    """A key acts with the rights of its account and nothing more; ``start`` helps people tell keys apart."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="账号")
    title = models.CharField("用途", max_length=40)
    start = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField("签发时间", default=clock.now)
    expires_on = models.DateField("有效期至", null=True, blank=True)
    revoked_at = models.DateTimeField("吊销时间", null=True)
    used_at = models.DateTimeField("最近使用", null=True)

    class Meta:
        verbose_name = "接口密钥"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.title} {self.start}…"

    @property
    def state(self) -> tuple[str, str]:
        """Tone and word of the key."""
        if self.revoked_at:
            return "idle", "已吊销"
        if self.expires_on and self.expires_on < clock.today():
            return "idle", "已到期"
        return "done", "可用"


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def issue(actor: Actor, title: str, expires_on: Any = None) -> str:
    """A new key of the acting person; it is shown once and cannot be read again."""
    key = PREFIX + secrets.token_urlsafe(32)
    stored = ApiKey.objects.create(
        user=actor.user, title=title[:40], start=key[:12], digest=_digest(key), expires_on=expires_on
    )
    log(actor, "api-key:issue", stored, path=actor.user.path, after={"expires_on": expires_on})
    return key


def visible_keys(by: Any) -> models.QuerySet[ApiKey]:
    """One's own keys, and those of the accounts of units one looks after."""
    condition = scope(by, EDIT).condition("user__unit") | Q(user=by)
    return ApiKey.objects.filter(condition).select_related("user__unit")


@transaction.atomic
def revoke(actor: Actor, key: ApiKey) -> None:
    """End a key at once; Forbidden for a key neither one's own nor of a unit one looks after."""
    if actor.user is not None and not visible_keys(actor.user).filter(pk=key.pk).exists():
        raise Forbidden(EDIT)
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=clock.now()):
        log(actor, "api-key:revoke", key, path=key.user.path)


@on(AccountStopped)
def revoke_with_the_account(said: AccountStopped) -> None:
    """An account that stopped takes its keys along; enabling it later does not bring them back."""
    for key in ApiKey.objects.filter(user=said.user, revoked_at=None):
        revoke(SYSTEM, key)


def holder_of(key: str) -> Any:
    """The account behind a key; None for an unknown, revoked or expired one, or an account not usable today."""
    found = ApiKey.objects.filter(digest=_digest(key), revoked_at=None).first()
    if found is None or (found.expires_on and found.expires_on < clock.today()):
        return None
    moment = clock.now()
    if found.used_at is None or found.used_at < moment - TOUCH_EVERY:
        ApiKey.objects.filter(pk=found.pk).update(used_at=moment)
    return User.objects.usable().select_related("unit").filter(pk=found.user_id).first()
