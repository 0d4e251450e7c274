"""Form definitions and their frozen versions (D01.3, SAF.09, N1.09)."""

import hashlib
import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.engines.forms.checking import read_form
from anlan.engines.forms.codec import from_json, to_json
from anlan.engines.forms.definition import Form
from anlan.engines.forms.layouts.lattice import Layout
from anlan.engines.org.api import Record
from anlan.kernel import clock
from anlan.kernel.errors import Rejected

DRAFT, IN_USE, WITHDRAWN = "draft", "in_use", "withdrawn"
STATES = {DRAFT: "草稿", IN_USE: "在用", WITHDRAWN: "已停用"}


def empty_form() -> dict[str, Any]:
    """A definition with nothing in it."""
    empty: dict[str, Any] = to_json(Form())
    return empty


class FormDefinition(Record):
    """A form being kept: its working copy (``draft``) and where it stands. Editions of one ``code``
    stand side by side.
    """

    INHERITED = True

    title = models.CharField("名称", max_length=100)
    subject = models.CharField("检查对象", max_length=40)
    explanation = models.TextField("说明", max_length=2000, blank=True)
    audience = models.JSONField("可见角色", default=list, blank=True)
    code = models.SlugField("代码", max_length=60, blank=True)
    edition = models.CharField("版次", max_length=60, blank=True)
    applies_from = models.DateField("实施日期", null=True, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=list(STATES.items()), default=DRAFT, editable=False
    )
    draft = models.JSONField("内容", default=empty_form, editable=False)
    layout = models.JSONField("表样", null=True, blank=True, editable=False)
    current = models.PositiveIntegerField("现行版本", default=0, editable=False)
    source = models.UUIDField("来源文件", null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "检查表"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "code", "edition"],
                name="forms_edition_once",
                condition=Q(archived_at=None) & ~Q(code=""),
            )
        ]
        indexes = [models.Index(fields=["state", "subject"], name="forms_definition_state")]

    def __str__(self) -> str:
        return f"{self.title}（{self.edition}）" if self.edition else self.title

    def clean(self) -> None:
        """Roles are codes; the definition keeps its rules."""
        if not isinstance(self.audience, list) or not all(isinstance(code, str) for code in self.audience):
            raise ValidationError({"audience": "应是若干角色代码"})
        try:
            read_form(self.draft)
        except Rejected as refusal:
            raise ValidationError({"draft": refusal.message}) from None

    def form(self) -> Form:
        """The working copy."""
        return read_form(self.draft)

    def plan(self) -> Layout | None:
        """The layout its questions stand in; None where they are a plain list."""
        return from_json(Layout, self.layout) if self.layout else None

    @property
    def version_in_use(self) -> "FormVersion | None":
        """The version new tasks take; None while the form is a draft or withdrawn."""
        if self.state != IN_USE:
            return None
        found: FormVersion | None = (
            FormVersion.objects.unscoped().filter(definition=self, number=self.current).first()
        )
        return found


class FormVersion(Record):
    """A published snapshot; never altered. ``checksum`` shows whether it is what was published."""

    INHERITED = True

    definition = models.ForeignKey(FormDefinition, models.PROTECT, related_name="versions", editable=False)
    number = models.PositiveIntegerField("版本号", editable=False)
    title = models.CharField("名称", max_length=100, editable=False)
    content = models.JSONField("内容", editable=False)
    layout = models.JSONField("表样", null=True, blank=True, editable=False)
    checksum = models.CharField(max_length=64, editable=False)
    published_at = models.DateTimeField("启用时间", default=clock.now, editable=False)

    class Meta(Record.Meta):
        verbose_name = "检查表版本"
        ordering = ["definition", "-number"]
        constraints = [models.UniqueConstraint(fields=["definition", "number"], name="forms_version_once")]

    def __str__(self) -> str:
        return f"{self.title} 第 {self.number} 版"

    def form(self) -> Form:
        """The definition as published; it was checked then."""
        if "_form" not in self.__dict__:
            self._form = from_json(Form, self.content)
        return self._form

    def plan(self) -> Layout | None:
        """The layout as published; None where the questions are a plain list."""
        if "_plan" not in self.__dict__:
            self._plan = from_json(Layout, self.layout) if self.layout else None
        return self._plan

    @property
    def intact(self) -> bool:
        """Whether the content still has its checksum."""
        return self.checksum == checksum_of(self.content, self.layout)


def checksum_of(content: Any, layout: Any = None) -> str:
    """SHA-256 of the JSON in one canonical form, its layout included where there is one."""
    told = {"form": content, "layout": layout} if layout else content
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
