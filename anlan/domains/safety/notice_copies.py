"""A notice at one addressed unit: read there or not, and what the unit answered (D06.3, D06.5)."""

from django.conf import settings
from django.db import models

from anlan.domains.safety.notices import Notice
from anlan.engines.forms.api import Response
from anlan.engines.org.api import Record
from anlan.kernel import clock


class NoticeCopy(Record):
    """A notice at one addressed unit (``org``): who read it there and when, and what the unit answered."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="copies", verbose_name="通知")
    seen = models.BooleanField("已阅", default=False, editable=False)
    read_at = models.DateTimeField("查阅时间", null=True, blank=True, editable=False)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="查阅人",
    )
    answered = models.BooleanField("已反馈", default=False, editable=False)
    reply = models.TextField("反馈", blank=True, editable=False)
    replied_at = models.DateTimeField("反馈时间", null=True, blank=True, editable=False)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="反馈人",
    )
    late = models.BooleanField("逾期反馈", default=False, editable=False)
    response = models.OneToOneField(
        Response, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="反馈表"
    )

    class Meta(Record.Meta):
        verbose_name = "通知查阅"
        constraints = [models.UniqueConstraint(fields=["notice", "org"], name="safety_notice_copy_once")]
        indexes = [models.Index(fields=["org", "seen"], name="safety_notice_copy_unread")]

    def __str__(self) -> str:
        return f"{self.notice} · {self.org}"

    def get_absolute_url(self) -> str:
        """The addressee's page of the notice."""
        return f"/safety/received-notices/{self.pk}/"

    @property
    def open_for_reply(self) -> bool:
        """Whether the unit may still answer."""
        notice = self.notice
        over = notice.reply_by is not None and clock.now() > notice.reply_by
        return notice.reply_wanted and notice.state == "published" and (notice.late_allowed or not over)
