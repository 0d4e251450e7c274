"""Where documents are filed: topics as a tree and types, both kept as data (D05.2, D05.10)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from anlan.engines.org.api import Record

DEPTH = 4
LIVE = Q(archived_at=None)


class DocumentKind(Record):
    """A type of document, such as notices or emergency plans; ``code`` is what other modules refer to."""

    INHERITED = True

    title = models.CharField("类型", max_length=30)
    code = models.CharField("代码", max_length=30, blank=True, editable=False)
    position = models.PositiveSmallIntegerField("排序", default=0)

    class Meta(Record.Meta):
        verbose_name = "文件类型"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "title"],
                name="library_kind_once",
                condition=LIVE,
                violation_error_message="已有同名类型",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return f"/library/kinds/{self.pk}/"


class Topic(Record):
    """A topic or a category below one; ``trail`` is the path of titles from the top."""

    INHERITED = True

    title = models.CharField("主题", max_length=30)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name="上级主题"
    )
    position = models.PositiveSmallIntegerField("排序", default=0)

    class Meta(Record.Meta):
        verbose_name = "文件主题"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                "org",
                Coalesce("parent", Value(0), output_field=models.BigIntegerField()),
                "title",
                name="library_topic_once",
                condition=LIVE,
                violation_error_message="已有同名主题",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return f"/library/topics/{self.pk}/"

    def above(self) -> list["Topic"]:
        """From the top down to this one; a circle, which ``clean`` refuses, would end after a few steps."""
        found, here = [self], self.parent
        while here is not None and len(found) <= DEPTH:
            found.insert(0, here)
            here = here.parent
        return found

    @property
    def trail(self) -> str:
        """消防 / 灭火器."""
        return " / ".join(str(one) for one in self.above())

    def clean(self) -> None:
        """No circles, and not deeper than people find their way."""
        above = self.parent.above() if self.parent else []
        if self.pk and any(one.pk == self.pk for one in above):
            raise ValidationError({"parent": "不能放到自己的下级里"})
        if len(above) >= DEPTH:
            raise ValidationError({"parent": f"主题最多 {DEPTH} 级"})


def used(shelf: Any) -> int:
    """How many documents, archived ones aside, are filed here."""
    return int(shelf.documents.filter(archived_at=None).count())
