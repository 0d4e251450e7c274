"""Responses: one form filled in about one unit, by one person."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from anlan.engines.forms.designs import FormVersion
from anlan.engines.org.api import Record
from anlan.kernel import clock
from anlan.kernel.personal import Personal, declare_personal

OPEN, SUBMITTED = "draft", "submitted"
declare_personal(
    "forms.response",
    signed_name=Personal("签署内容的身份证明", "电子签名法 第十三条", "与检查结果同期保存"),
)
STATES = {OPEN: "填写中", SUBMITTED: "已提交"}


class Response(Record):
    """``org`` is the unit the answers are about; ``uid`` comes from the phone, so that it is stored once.

    ``purpose`` names the declaration (:mod:`purposes`) that says who may read and fill it in. ``facts``
    are those of the unit when it was begun; ``digest`` pins the answers in the audit trail. ``signature``
    is a file uid or ``confirmed``; ``signed_digest`` binds it to what was signed (:mod:`signing`).
    """

    OWNER = "respondent"

    form_version = models.ForeignKey(
        FormVersion, models.PROTECT, related_name="+", editable=False, verbose_name="检查表"
    )
    purpose = models.SlugField(max_length=60, editable=False)
    respondent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="填写人"
    )
    state = models.CharField(
        "状态", max_length=10, choices=list(STATES.items()), default=OPEN, editable=False
    )
    facts = models.JSONField(default=dict, blank=True, editable=False)
    started_at = models.DateTimeField("开始时间", default=clock.now, editable=False)
    submitted_at = models.DateTimeField("提交时间", null=True, editable=False)
    phone_started_at = models.DateTimeField("手机开始时间", null=True, editable=False)
    phone_submitted_at = models.DateTimeField("手机提交时间", null=True, editable=False)
    location = models.JSONField("位置", null=True, blank=True, editable=False)
    signature = models.CharField("签名", max_length=40, blank=True, editable=False)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    signed_name = models.CharField("签名人", max_length=40, blank=True, editable=False)
    signed_how = models.CharField(max_length=10, blank=True, editable=False)
    signed_digest = models.CharField(max_length=64, blank=True, editable=False)
    passed = models.PositiveIntegerField("合格", default=0, editable=False)
    failed = models.PositiveIntegerField("不合格", default=0, editable=False)
    not_applicable = models.PositiveIntegerField("不适用", default=0, editable=False)
    score = models.DecimalField("得分", max_digits=9, decimal_places=2, null=True, editable=False)
    full_score = models.DecimalField("满分", max_digits=9, decimal_places=2, null=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "检查结果"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["org", "state", "-submitted_at"], name="forms_response_org"),
            models.Index(fields=["respondent", "state"], name="forms_response_respondent"),
            models.Index(fields=["purpose", "-submitted_at"], name="forms_response_purpose"),
        ]

    def __str__(self) -> str:
        return f"{self.org} {self.form_version.title}"

    @property
    def is_open(self) -> bool:
        """Whether answers may still change."""
        return self.state == OPEN


STILL_OPEN = Q(state=OPEN)


def responses_of(purpose: str) -> Any:
    """Every response of a purpose, for the system's own work."""
    return Response.objects.unscoped().filter(purpose=purpose)
