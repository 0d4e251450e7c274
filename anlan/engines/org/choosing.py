"""Choosing roles in a form: by their names, kept as codes."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models

from anlan.engines.org.grants import Role


def roles_choice(label: str, codes: Iterable[str] = (), help_text: str = "") -> forms.MultipleChoiceField:
    """Boxes for roles, ready-made and composed ones; ``codes`` limits them to these. The value is a list of codes."""
    wanted = list(codes)

    def choices() -> list[tuple[str, str]]:
        rows = Role.objects.filter(office="").values_list("code", "title")
        return [(code, title) for code, title in rows if not wanted or code in wanted]

    boxes = forms.CheckboxSelectMultiple({"class": "form-check-input"})
    return forms.MultipleChoiceField(
        choices=choices, widget=boxes, label=label, required=False, help_text=help_text
    )


class RoleCodes(models.JSONField):
    """Roles of a record as a list of codes; ``among`` limits what the form offers."""

    def __init__(self, *args: Any, among: Iterable[str] = (), **kwargs: Any) -> None:
        self.among = tuple(among)
        super().__init__(
            *args, default=list, blank=True, **{k: v for k, v in kwargs.items() if k not in PLAIN}
        )

    def deconstruct(self) -> Any:
        """For the database it is plain JSON."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def formfield(self, **_: Any) -> Any:
        """Boxes with the names of the roles."""
        return roles_choice(str(self.verbose_name), self.among, str(self.help_text))


PLAIN = ("default", "blank")


def role_titles(codes: Iterable[str]) -> str:
    """The names of roles, for reading."""
    wanted = set(codes)
    rows = Role.objects.filter(code__in=wanted).values_list("title", flat=True) if wanted else ()
    return "、".join(rows)
