"""What happens to an assignment on its way: reports, transfers, requests for more time. All of it stays."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from anlan.kernel import clock


def place_of(record: models.Model) -> dict[str, Any]:
    """How a trace names the record it belongs to."""
    return {"model": record._meta.label_lower, "object_id": record.pk}


class Trace(models.Model):
    """Belongs to one assignment of any kind."""

    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    at = models.DateTimeField("时间", default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True
        ordering = ["pk"]


class Report(Trace):
    """One submission; a returned task keeps the earlier ones."""

    number = models.PositiveSmallIntegerField("次序")
    values = models.JSONField("内容", default=dict, encoder=DjangoJSONEncoder)
    late = models.BooleanField("逾期", default=False)

    class Meta(Trace.Meta):
        verbose_name = "任务反馈"
        constraints = [
            models.UniqueConstraint(fields=["model", "object_id", "number"], name="tasks_report_once")
        ]


class Transfer(Trace):
    """A task passed on; ``circle`` marks one that came back to somebody who had it before."""

    source = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    target = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField("原因", max_length=200)
    circle = models.BooleanField("循环转办", default=False)

    class Meta(Trace.Meta):
        verbose_name = "转办"
        indexes = [models.Index(fields=["model", "object_id"], name="tasks_transfer_object")]


class Extension(Trace):
    """A request for more time; the deadline moves only when it is approved."""

    class State(models.TextChoices):
        """Where the request stands."""

        ASKED = "asked", "待审批"
        APPROVED = "approved", "已同意"
        REFUSED = "refused", "未同意"

    until = models.DateTimeField("申请延至")
    reason = models.CharField("原因", max_length=200)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.ASKED)
    decided_at = models.DateTimeField("审批时间", null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    opinion = models.CharField("意见", max_length=200, blank=True)

    class Meta(Trace.Meta):
        verbose_name = "延期申请"
        constraints = [
            models.UniqueConstraint(
                fields=["model", "object_id"], name="tasks_extension_one_open", condition=Q(state="asked")
            )
        ]


def traces(kind: type[models.Model], record: models.Model) -> models.QuerySet[Any]:
    """Traces of one kind of the record, oldest first."""
    return kind._default_manager.filter(**place_of(record)).select_related("by")
