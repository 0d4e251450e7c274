"""What is asked when a published notice is revised (D06.1)."""

from typing import Any

from django import forms

from anlan.domains.safety.notices import Notice
from anlan.shell.rich_text import RichText


class ReviseForm(forms.Form):
    """The new words of a published notice."""

    title = forms.CharField(label="标题", max_length=120)
    body = RichText("内容").formfield()

    @classmethod
    def for_record(cls, record: Notice, data: Any = None, files: Any = None) -> "ReviseForm":
        """The form with the words in force."""
        return cls(data, files, initial={"title": record.title, "body": record.body})
