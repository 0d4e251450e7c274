"""Document: a law, rule, plan or notice with its text, its force and who is bound by it (D05.1, D05.9)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.engines.library.shelves import DocumentKind, Topic
from anlan.engines.org.api import Record
from anlan.engines.registry.api import risk_field
from anlan.shell.rich_text import RichText, harmless, is_blank

LEVELS = [
    ("state", "国家"),
    ("province", "省级"),
    ("city", "市级"),
    ("county", "区县"),
    ("school", "学校"),
]
VALIDITY = [
    ("draft", "草稿"),
    ("in_force", "现行有效"),
    ("amended", "已修订"),
    ("repealed", "已废止"),
    ("replaced", "已被替代"),
]
OVER = ("repealed", "replaced")
SOURCE, ANNEX, ORIGINAL = "source", "annex", "original"
SEARCHED = (SOURCE, ANNEX)


class Document(Record):
    """What a unit lays down or keeps for all below; drafts stay with those who may see the unit itself."""

    INHERITED = True

    title = models.CharField("标题", max_length=200)
    number = models.CharField("文号", max_length=60, blank=True)
    kind = models.ForeignKey(DocumentKind, models.PROTECT, related_name="documents", verbose_name="类型")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="documents", verbose_name="主题")
    risk = risk_field("风险类别", null=True, blank=True)
    level = models.CharField("发文层级", max_length=10, choices=LEVELS, default="county", db_index=True)
    issuer = models.CharField("发文机关", max_length=100, blank=True, db_index=True)
    issued_on = models.DateField("发布日期", null=True, blank=True, db_index=True)
    effective_on = models.DateField("施行日期", null=True, blank=True)
    force = models.CharField("效力", max_length=10, choices=VALIDITY, default="in_force", db_index=True)
    repealed_on = models.DateField("废止日期", null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="被替代为"
    )
    body = RichText("正文", blank=True)

    class Meta(Record.Meta):
        verbose_name = "文件"
        ordering = ["-issued_on", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return f"/library/documents/{self.pk}/"

    @property
    def over(self) -> bool:
        """No longer to be followed."""
        return self.force in OVER

    @property
    def tone(self) -> str:
        """Tone of the force."""
        return {"draft": "idle", "in_force": "done", "amended": "doing"}.get(self.force, "late")

    def clean(self) -> None:
        """Make the text harmless; dates in their order; what is said of the end fits the force."""
        self.body = "" if is_blank(self.body) else harmless(self.body.replace("\x00", ""))
        faults = {}
        begun = self.effective_on or self.issued_on
        if self.effective_on and self.issued_on and self.effective_on < self.issued_on:
            faults["effective_on"] = "施行日期不能早于发布日期"
        if self.repealed_on and begun and self.repealed_on < begun:
            faults["repealed_on"] = "废止日期不能早于施行日期"
        if self.force == "repealed" and not self.repealed_on:
            faults["repealed_on"] = "请填写废止日期"
        if self.force == "replaced" and self.successor_id is None:
            faults["successor"] = "请选择替代它的文件"
        if self.successor_id and self.successor_id in self._followed_by():
            faults["successor"] = "不能由自己或被它替代的文件来替代"
        if faults:
            raise ValidationError(faults)

    def _followed_by(self) -> set[int]:
        """Itself and everything it replaced, over any number of steps."""
        found, fresh = set(), {self.pk} - {None}
        while fresh:
            found |= fresh
            rows = Document.unguarded.filter(successor__in=fresh).values_list("pk", flat=True)
            fresh = set(rows) - found
        return found

    @classmethod
    def narrow(cls, rows: Any, user: Any, found: Any) -> Any:
        """Drafts of superiors stay with them."""
        return rows.filter(~Q(force="draft") | found.condition())


def current(document: Document) -> Document:
    """What replaces the document today, over any number of steps; itself where nothing does."""
    seen = {document.pk}
    while document.successor is not None and document.successor.pk not in seen:
        document = document.successor
        seen.add(document.pk)
    return document
