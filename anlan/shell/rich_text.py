"""Text with simple formatting: what people paste is made harmless before it is stored and before it is shown."""

from typing import Any

import nh3
from django import forms
from django.db import models
from django.utils.html import linebreaks, strip_tags
from django.utils.safestring import SafeString

from anlan.shell.html import written


def harmless(text: str) -> str:
    """HTML without scripts, styles, frames and handlers; plain text becomes paragraphs."""
    return str(nh3.clean(text if "<" in text else linebreaks(text, autoescape=True)))


def shown(text: str) -> SafeString:
    """Stored text for a page; cleaned once more, because a database may be older than its rules."""
    return written(harmless(text))


def is_blank(text: str) -> bool:
    """Whether nothing is left to read."""
    return not strip_tags(text).replace("\xa0", " ").strip() and "<img" not in text


class RichText(models.TextField[Any, Any]):
    """A text column whose form field is the editor of the shell; without script it takes plain text."""

    def deconstruct(self) -> Any:
        """To the database it is a text column."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        """A long text with the editor on it."""
        return super().formfield(**{"widget": forms.Textarea({"data-al-rich": ""}), **kwargs})
