"""Form fields drawn as the picker: a lookup of the server instead of everything there is to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from anlan.shell.parts import Filter


class Pick(forms.Select):
    """One choice found by ``url``; ``filters`` narrow what it finds."""

    multiple = False

    def __init__(self, url: str, filters: Sequence[Filter] = ()) -> None:
        super().__init__()
        self.url, self.filters = url, filters


class PickMany(forms.SelectMultiple):
    """Any number of choices found by ``url``; ``filters`` narrow what it finds."""

    multiple = True

    def __init__(self, url: str, filters: Sequence[Filter] = ()) -> None:
        super().__init__()
        self.url, self.filters = url, filters


@dataclass(frozen=True)
class Picked:
    """What the component ``picker`` shows of a field."""

    url: str
    multiple: bool
    filters: Sequence[Filter] = ()
    chosen: Sequence[dict[str, Any]] = field(default_factory=tuple)


def picked(bound: BoundField) -> Picked:
    """The lookup of a field and what is chosen now; a choice no longer offered is left out."""
    widget: Any = bound.field.widget
    offered: Any = bound.field
    said = bound.value()
    keys = said if isinstance(said, list | tuple) else [said]
    known = [key for key in keys if key not in (None, "") and _fits(offered.queryset.model, key)]
    rows = offered.queryset.filter(pk__in=known) if known else ()
    chosen = [
        {"value": offered.prepare_value(row), "label": offered.label_from_instance(row)} for row in rows
    ]
    return Picked(widget.url, widget.multiple, widget.filters, chosen)


def _fits(model: Any, key: Any) -> bool:
    try:
        model._meta.pk.to_python(key)
    except ValidationError:
        return False
    return len(str(key)) < 80 and "\x00" not in str(key)
