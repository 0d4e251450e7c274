"""Templates of text messages with merge fields such as 【姓名】 (ARCH.16)."""

import re

from django.core.exceptions import ValidationError
from django.db import models

from anlan.engines.registry.api import Entry, unique

FIELDS = ("姓名", "单位", "职务")
LONGEST = 300


def merge_fault(body: str) -> str:
    """Which field of the text nobody can fill, in words; empty: none."""
    unknown = [name for name in re.findall("【(.+?)】", body) if name not in FIELDS]
    return f"没有【{unknown[0]}】，可用：{fields_shown()}" if unknown else ""


def fields_shown() -> str:
    """The merge fields as they are written."""
    return "".join(f"【{name}】" for name in FIELDS)


def merged(body: str, said: dict[str, str]) -> str:
    """The text for one person; a field that is not said leaves nothing behind."""
    for name in FIELDS:
        body = body.replace(f"【{name}】", said.get(name, ""))
    return body


class Pattern(Entry):
    """A template of a unit; units below may use it."""

    INHERITED = True

    title = models.CharField("名称", max_length=60)
    body = models.TextField("内容", max_length=LONGEST, help_text=f"可用：{fields_shown()}")

    class Meta(Entry.Meta):
        verbose_name = "短信模板"
        constraints = [unique("texting_pattern_once", "org title", "已有同名的模板")]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Refuse merge fields nobody can fill."""
        if fault := merge_fault(self.body):
            raise ValidationError({"body": fault})
