"""Notices sent down and announcements on home pages (D06.1, D06.6, SAF.03)."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.engines.forms.api import FormDefinition, FormVersion
from anlan.engines.org.api import OrgUnit, Record, below
from anlan.kernel import clock
from anlan.shell.rich_text import RichText, harmless, is_blank

SENT = ("published", "recalled")


class Notice(Record):
    """A notice (to named units, with receipts) or an announcement (on home pages, within its dates).

    ``audience`` keeps what was chosen (whole, kinds, towns, named); ``addressees`` are the units that follow
    from it, fixed at that moment.
    """

    kind = models.CharField(
        "种类", max_length=12, default="notice", choices=[("notice", "通知"), ("announcement", "公告")]
    )
    title = models.CharField("标题", max_length=120)
    body = RichText("内容")
    state = models.CharField(
        "状态",
        max_length=10,
        default="draft",
        editable=False,
        choices=[("draft", "草稿"), ("waiting", "待发布"), ("published", "已发布"), ("recalled", "已撤回")],
    )
    publish_at = models.DateTimeField("定时发布", null=True, blank=True, help_text="不填就是立即发布")
    published_at = models.DateTimeField("发布时间", null=True, editable=False, db_index=True)
    revision = models.PositiveSmallIntegerField("修订次数", default=0, editable=False)
    urgent = models.BooleanField("紧急", default=False)
    reply_wanted = models.BooleanField("需要反馈", default=False)
    reply_by = models.DateTimeField("反馈截止", null=True, blank=True)
    late_allowed = models.BooleanField("逾期仍可反馈", default=True)
    form = models.ForeignKey(
        FormDefinition,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"state": "in_use"},
        verbose_name="反馈表",
        help_text="要求按表填报时选择",
    )
    form_version = models.ForeignKey(
        FormVersion, models.PROTECT, null=True, editable=False, related_name="+", verbose_name="反馈表版本"
    )
    shown_from = models.DateField("展示起", null=True, blank=True)
    shown_until = models.DateField("展示止", null=True, blank=True)
    pinned = models.BooleanField("置顶", default=False)
    audience = models.JSONField(default=dict, blank=True, editable=False)
    addressees = models.ManyToManyField(
        OrgUnit, related_name="+", blank=True, editable=False, verbose_name="发布对象"
    )

    class Meta(Record.Meta):
        verbose_name = "通知公告"
        ordering = ["-published_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The sender's page of the notice."""
        return f"/safety/notices/{self.pk}/"

    def clean(self) -> None:
        """Make scripts harmless; refuse empty texts and reversed dates."""
        self.body = harmless(self.body)
        faults = {}
        if is_blank(self.body):
            faults["body"] = "请填写内容"
        if self.shown_from and self.shown_until and self.shown_until < self.shown_from:
            faults["shown_until"] = "结束日期要晚于开始日期"
        if self.reply_by and self.reply_by <= clock.now() and self.state == "draft":
            faults["reply_by"] = "反馈截止时间要晚于现在"
        if faults:
            raise ValidationError(faults)

    @property
    def on_show(self) -> bool:
        """An announcement in force today."""
        today = clock.today()
        begun = self.shown_from is None or self.shown_from <= today
        return self.state == "published" and begun and (self.shown_until is None or self.shown_until >= today)

    @classmethod
    def scope_condition(cls, user: Any, found: Any) -> Q:
        """What one's units send; and announcements published to a unit of one's own."""
        range_of = cls.addressees.through.objects.filter(below(found.paths, "orgunit")).values("notice")
        return found.condition() | Q(kind="announcement", state__in=SENT, pk__in=range_of)


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
