"""Messages in the inbox: one event arrives once per addressee."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from anlan.engines.messaging.declaring import kinds
from anlan.engines.org.api import OrgUnit
from anlan.kernel import clock
from anlan.kernel.errors import Missing


class Message(models.Model):
    """One message to one person; ``key`` names the event that happened, so that it arrives once."""

    event = models.CharField("事件", max_length=80)
    kind = models.CharField("类别", max_length=20)
    title = models.CharField("标题", max_length=200)
    text = models.TextField("内容", blank=True)
    url = models.CharField(max_length=300, blank=True)
    addressee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="inbox", verbose_name="收件人"
    )
    org = models.ForeignKey(OrgUnit, models.PROTECT, null=True, related_name="+", verbose_name="单位")
    model = models.CharField(max_length=60, blank=True)
    object_id = models.BigIntegerField(null=True)
    key = models.CharField(max_length=200)
    urgent = models.BooleanField("紧急", default=False)
    created_at = models.DateTimeField("时间", default=clock.now)
    read_at = models.DateTimeField("阅读时间", null=True)

    class Meta:
        verbose_name = "消息"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["key", "addressee"], name="messaging_message_once"),
        ]
        indexes = [
            models.Index(fields=["addressee", "kind"], name="messaging_message_kind"),
            models.Index(fields=["addressee"], name="messaging_message_unread", condition=Q(read_at=None)),
            models.Index(fields=["model", "object_id"], name="messaging_message_object"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_title(self) -> str:
        """The kind in words."""
        kind = kinds.get(self.kind)
        return kind.title if kind else self.kind


def messages_for(user: Any) -> models.QuerySet[Message]:
    """The person's messages, newest first."""
    return Message.objects.filter(addressee=user).select_related("org")


def message_of(user: Any, pk: int) -> Message:
    """One of the person's own messages; Missing for anybody else's."""
    found = messages_for(user).filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


def unread_count(user: Any) -> int:
    """Unread messages of the person; the one number every badge shows."""
    return Message.objects.filter(addressee=user, read_at=None).count()


def unread_by_kind(user: Any) -> dict[str, int]:
    """Unread messages per kind; the sum is :func:`unread_count`."""
    rows = Message.objects.filter(addressee=user, read_at=None).order_by().values_list("kind")
    return dict(rows.annotate(number=models.Count("pk")))


def mark_read(user: Any, pks: list[int] | None = None) -> int:
    """Mark some or all of the person's messages as read; returns how many changed."""
    rows = Message.objects.filter(addressee=user, read_at=None)
    return (rows if pks is None else rows.filter(pk__in=pks)).update(read_at=clock.now())
