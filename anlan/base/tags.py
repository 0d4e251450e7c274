"""Free labels that a bureau puts on schools; a label put away leaves its schools intact (D09.4)."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from anlan.base.roles import ABOVE, rights
from anlan.engines.org.api import Record
from anlan.engines.registry.api import Ledger, ledger


class SchoolTag(Record):
    """One label of the bureau ``org``; the units below see it."""

    INHERITED = True

    name = models.CharField("标签", max_length=20)
    note = models.CharField("说明", max_length=100, blank=True)

    class Meta(Record.Meta):
        verbose_name = "学校标签"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "name"],
                name="base_tag_once",
                condition=Q(archived_at=None),
                violation_error_message="已有同名标签",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The record's page."""
        return reverse("base.school_tags:detail", args=[self.pk])


@ledger
class SchoolTags(Ledger):
    """Labels of schools."""

    code = "base.school_tags"
    model = SchoolTag
    title = "学校标签"
    area, group, order = "base", "学校", 30
    columns = "name note org"
    search = "name"
    key = "org name"
    form = "org name note"
    sort = "name"
    example = {"name": "寄宿制"}
    roles = rights(" ".join((*ABOVE, "school_head", "school_safety")), "bureau_safety")
