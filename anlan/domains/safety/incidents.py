"""Safety incidents: what happened at a school and how it was handled (D01.15, D07.3)."""

from django.core.exceptions import ValidationError
from django.db import models

from anlan.engines.org.api import Record
from anlan.engines.registry.api import risk_field
from anlan.kernel import clock


class Incident(Record):
    """One incident at a school (``org``); ``source_key`` names the finding it was started from, once only."""

    OWNER = "created_by"

    title = models.CharField("事件", max_length=120)
    category = risk_field("风险类别", null=True, blank=True)
    happened_at = models.DateTimeField("发生时间", default=clock.now, db_index=True)
    place = models.CharField("地点", max_length=80, blank=True)
    course = models.TextField("经过")
    affected = models.PositiveSmallIntegerField("受影响人数", default=0)
    handling = models.TextField("处置情况", blank=True)
    source_key = models.CharField(max_length=80, null=True, blank=True, unique=True, editable=False)
    source_url = models.CharField(max_length=300, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "安全事件"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The record's page."""
        return f"/safety/incidents/{self.pk}/"

    @property
    def key(self) -> str:
        """What names it as the source of a hazard: the finding it was started from, else itself."""
        return self.source_key or f"incident:{self.pk}"

    def clean(self) -> None:
        """An incident lies in the past."""
        if self.happened_at and self.happened_at > clock.now():
            raise ValidationError({"happened_at": "发生时间不能晚于现在"})
