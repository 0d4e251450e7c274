"""Each single message with what became of it (ARCH.16)."""

from typing import Any

from django.db import models

from anlan.base.people import Person
from anlan.domains.texting.sendings import Sending
from anlan.engines.registry.api import Entry


class Text(Entry):
    """One message to one number; the number is judged when the sending starts and again when it is sent anew."""

    class State(models.TextChoices):
        """Where the message stands."""

        QUEUED = "queued", "待发送"
        SENDING = "sending", "发送中"
        SENT = "sent", "已发送"
        FAILED = "failed", "未发出"

    sending: Any = models.ForeignKey(Sending, models.PROTECT, related_name="texts", verbose_name="短信群发")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name="人员")
    name = models.CharField("姓名", max_length=40, blank=True)
    phone = models.CharField("手机号", max_length=30, blank=True)
    text = models.TextField("内容")
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.QUEUED, db_index=True)
    error = models.CharField("原因", max_length=200, blank=True)
    sent_at = models.DateTimeField("发出时间", null=True, db_index=True)

    class Meta(Entry.Meta):
        verbose_name = "短信"
        ordering = ["pk"]
        indexes = [models.Index(fields=["sending", "state"], name="texting_text_state")]

    def __str__(self) -> str:
        return f"{self.name or '无姓名'}：{self.sending.title}"
