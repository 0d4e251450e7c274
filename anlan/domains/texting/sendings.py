"""A sending: one text to many people, from the staff list and by typed numbers (ARCH.16)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from anlan.base.handing_on import passes_on
from anlan.base.people import Person
from anlan.domains.texting.patterns import LONGEST, Pattern, fields_shown, merge_fault
from anlan.engines.registry.api import Entry

MOST = 2000


class Sending(Entry):
    """``others`` are people who are not on the list, one a line: name and number."""

    title = models.CharField("事由", max_length=60)
    pattern = models.ForeignKey(
        Pattern, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="模板"
    )
    body = models.TextField(
        "内容", max_length=LONGEST, blank=True, help_text=f"不填就用模板的内容；可用：{fields_shown()}"
    )
    people: Any = models.ManyToManyField(Person, related_name="+", blank=True, verbose_name="收信人")
    others = models.TextField(
        "另外的号码",
        max_length=20000,
        blank=True,
        help_text="每行一人：姓名 手机号，例如：王示例 13800000000",
    )
    sent_at = models.DateTimeField("发送时间", null=True, editable=False, db_index=True)

    class Meta(Entry.Meta):
        verbose_name = "短信群发"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """A text there must be, with fields that can be filled; without one it is the template's."""
        self.body = self.body.strip() or (self.pattern.body if self.pattern else "")
        if not self.body:
            raise ValidationError({"body": "请填写内容，或选择模板"})
        if fault := merge_fault(self.body):
            raise ValidationError({"body": fault})


def typed_lines(others: str) -> list[tuple[str, str]]:
    """Name and number of each line; a line without digits at its end has no number."""
    found = []
    for line in filter(None, (line.strip() for line in others.splitlines())):
        name, _, last = line.replace("\t", " ").replace("，", " ").replace(",", " ").rpartition(" ")
        numbered = last.lstrip("+").replace("-", "").isdigit()
        found.append((name.strip(), last) if numbered else (line, ""))
    return found


passes_on(Sending, "people", lambda: Q(sent_at=None), replaced=False)
