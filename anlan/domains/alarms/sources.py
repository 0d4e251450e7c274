"""Sources: who may report events of devices (a recorder, an alarm host, a platform of a firm), each with its key.

The key is derived from the site's secret and the number of the issue, so it is stored nowhere; issuing a new one ends
the one before.
"""

import hmac
from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.utils.crypto import salted_hmac

from anlan.base.roles import rights
from anlan.engines.audit.api import Actor, change
from anlan.engines.org.api import scope
from anlan.engines.registry.api import Entry, Ledger, block, computed, ledger, unique
from anlan.kernel import clock

SALT = "anlan.alarms.source"
MANAGERS = "bureau_safety unit_admin"
CODE = RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9._-]*$", "只能用字母、数字和 . _ -")


class Source(Entry):
    """A source at a unit; it speaks for devices of this unit and of those below it."""

    code = models.CharField("来源编号", max_length=40, validators=[CODE])
    title = models.CharField("名称", max_length=60)
    firm = models.CharField("厂商、联系方式", max_length=80, blank=True)
    issue = models.PositiveIntegerField("密钥签发次数", default=0, editable=False)
    issued_at = models.DateTimeField("密钥签发时间", null=True, editable=False)

    class Meta(Entry.Meta):
        verbose_name = "设备接入来源"
        constraints = [unique("alarms_source_once", "code", "这个来源编号已被使用")]

    def __str__(self) -> str:
        return self.title


def key_of(source: Source) -> str:
    """The key in force; hexadecimal."""
    return salted_hmac(SALT, f"{source.uid}:{source.issue}", algorithm="sha256").hexdigest()


def issue_key(actor: Actor, source: Source) -> str:
    """A new key, told once; Conflict where somebody else issues one at the same time."""
    values = {"issue": source.issue + 1, "issued_at": clock.now()}
    change(actor, source, values, action="issue")
    return key_of(source)


def signature(key: str, stamp: str, body: bytes) -> str:
    """What the sender puts into ``X-Anlan-Signature``: HMAC-SHA256 over the time stamp, a point and the body."""
    return hmac.new(key.encode(), stamp.encode() + b"." + body, "sha256").hexdigest()


@ledger
class Sources(Ledger):
    """Sources and their keys."""

    code = "alarms.sources"
    model = Source
    title, noun, icon = "设备接入来源", "个", "lock"
    area, group, order = "safety", "设置", 990
    columns = "title code org firm issued_at standing"
    filters, search, key = "org", "title code firm org__name", "code"
    form = "org code title firm"
    happenings = {"issue": "签发密钥", "refused": "拒收"}
    example = {"code": "nvr-s1", "title": "一小录像平台"}
    roles = rights(f"{MANAGERS} school_safety", MANAGERS)

    @computed("接入", "chip")
    def standing(self, row: Any) -> tuple[str, str]:
        """Whether it has a key."""
        return ("done", "已签发密钥") if row.issue else ("todo", "未签发密钥")

    @block("接入密钥", "alarms/issue.html")
    def key_issue(self, request: Any, record: Source) -> dict[str, Any]:
        """The button that issues a key."""
        may = record.archived_at is None and scope(request.user, "alarms.sources.edit").covers(
            record.org.path
        )
        return {"source": record, "may": may}
