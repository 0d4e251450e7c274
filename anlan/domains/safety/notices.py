"""Notices sent down and answered, announcements on the home page (D06, SAF.03, SAF.04)."""

from typing import Any

import nh3
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.engines.org.api import OrgUnit, Record
from anlan.kernel import clock


class Notice(Record):
    """A notice (to named units, with receipts) or an announcement (on home pages, within its dates)."""

    kind = models.CharField(
        "种类", max_length=12, default="notice", choices=[("notice", "通知"), ("announcement", "公告")]
    )
    title = models.CharField("标题", max_length=120)
    body = models.TextField("内容")
    state = models.CharField(
        "状态",
        max_length=10,
        default="draft",
        editable=False,
        choices=[("draft", "草稿"), ("waiting", "待发布"), ("published", "已发布"), ("recalled", "已撤回")],
    )
    publish_at = models.DateTimeField("定时发布", null=True, blank=True)
    published_at = models.DateTimeField("发布时间", null=True, editable=False, db_index=True)
    revision = models.PositiveSmallIntegerField("修订次数", default=0, editable=False)
    urgent = models.BooleanField("紧急", default=False)
    reply_wanted = models.BooleanField("需要反馈", default=False)
    reply_by = models.DateTimeField("反馈截止", null=True, blank=True)
    late_allowed = models.BooleanField("逾期仍可反馈", default=True)
    shown_from = models.DateField("展示起", null=True, blank=True)
    shown_until = models.DateField("展示止", null=True, blank=True)
    pinned = models.BooleanField("置顶", default=False)
    addressees = models.ManyToManyField(OrgUnit, related_name="+", blank=True, verbose_name="发布对象")

    class Meta(Record.Meta):
        verbose_name = "通知公告"
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The notice's page."""
        return f"/safety/notices/{self.pk}/"

    def clean(self) -> None:
        """Make scripts harmless; refuse reversed dates."""
        self.body = nh3.clean(self.body)
        if self.shown_from and self.shown_until and self.shown_until < self.shown_from:
            raise ValidationError({"shown_until": "结束日期要晚于开始日期"})
        if self.reply_by and self.reply_by <= clock.now() and self.state == "draft":
            raise ValidationError({"reply_by": "反馈截止时间要晚于现在"})

    @classmethod
    def scope_condition(cls, user: Any, found: Any) -> Q:
        """Senders see what their units sent; addressees what was published to a unit of theirs."""
        to_me = Q(pk__in=NoticeCopy.unguarded.filter(found.condition()).values("notice"))
        return found.condition() | (to_me & Q(state__in=("published", "recalled")))


class NoticeVersion(models.Model):
    """A former text of a published notice."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    body = models.TextField()
    replaced_at = models.DateTimeField(default=clock.now)
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "number"], name="safety_notice_version_once")
        ]


class NoticeCopy(Record):
    """A notice at one addressed unit (``org``): who read it there and when, and what the unit answered."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="copies", verbose_name="通知")
    read_at = models.DateTimeField("查阅时间", null=True, blank=True, editable=False)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="查阅人",
    )
    reply = models.TextField("反馈", blank=True)
    replied_at = models.DateTimeField("反馈时间", null=True, blank=True, editable=False)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    late = models.BooleanField("逾期反馈", default=False, editable=False)

    class Meta(Record.Meta):
        verbose_name = "通知查阅"
        constraints = [models.UniqueConstraint(fields=["notice", "org"], name="safety_notice_copy_once")]
        indexes = [models.Index(fields=["org", "read_at"], name="safety_notice_copy_unread")]

    def __str__(self) -> str:
        return f"{self.notice} · {self.org}"
