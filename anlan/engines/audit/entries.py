"""Audit entries: written once in the transaction of the change, never altered; chained by :mod:`sealing`."""

import hashlib
import hmac
import json
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from anlan.engines.audit.actors import Actor
from anlan.kernel import clock


class AuditEntry(models.Model):
    """One act: who, when, from where, what, on which object, old and new values, and whether it succeeded."""

    at = models.DateTimeField("时间", default=clock.now, db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="账号"
    )
    actor = models.CharField("操作人", max_length=40)
    ip = models.CharField("来源地址", max_length=45, blank=True)
    channel = models.CharField("途径", max_length=10)
    action = models.CharField("动作", max_length=60, db_index=True)
    model = models.CharField("对象类型", max_length=60, blank=True)
    object_id = models.CharField("对象编号", max_length=40, blank=True)
    title = models.CharField("对象", max_length=200, blank=True)
    path = models.TextField("单位路径", blank=True)
    before = models.JSONField("原值", default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField("新值", default=dict, encoder=DjangoJSONEncoder)
    reason = models.TextField("理由", blank=True)
    succeeded = models.BooleanField("成功", default=True)
    mac = models.CharField(max_length=64)

    class Meta:
        verbose_name = "审计记录"
        indexes = [models.Index(fields=["model", "object_id"], name="audit_entry_object")]

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.title}"

    def content(self) -> bytes:
        """What the seal protects, in one canonical form."""
        values = [
            self.at.isoformat(),
            self.user_id,
            self.actor,
            self.ip,
            self.channel,
            self.action,
            self.model,
            self.object_id,
            self.title,
            self.path,
            self.before,
            self.after,
            self.reason,
            self.succeeded,
        ]
        return json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True).encode()

    def expected_mac(self) -> str:
        """Keyed digest of the content, so that an entry cannot be forged before it is chained."""
        return keyed_digest(self.content())


def keyed_digest(content: bytes) -> str:
    """Digest that only the holder of the audit key can make."""
    key = hashlib.sha256(b"audit:" + settings.AUDIT_KEY.encode()).digest()
    return hmac.new(key, content, "sha256").hexdigest()


def build(actor: Actor, action: str, record: models.Model | None = None, **values: Any) -> AuditEntry:
    """An entry not yet stored; ``values`` may set before, after, path, title, succeeded, reason."""
    unit = getattr(record, "org", None)
    entry = AuditEntry(
        user=actor.user,
        actor=actor.name,
        ip=actor.ip,
        channel=actor.channel,
        action=action,
        model=record._meta.label_lower if record is not None else "",
        object_id=str(record.pk) if record is not None else "",
        title=values.pop("title", str(record)[:200] if record is not None else ""),
        path=values.pop("path", unit.path if unit is not None else ""),
        reason=values.pop("reason", actor.reason),
        **values,
    )
    entry.before, entry.after = _plain(entry.before), _plain(entry.after)
    entry.mac = entry.expected_mac()
    return entry


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(values, cls=DjangoJSONEncoder))
    return plain
