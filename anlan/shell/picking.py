"""Form fields drawn as the picker: a lookup of the server instead of everything there is to choose from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField

from anlan.kernel.registry import Registry
from anlan.shell.parts import Filter

A_LIST, BOXES = 20, 8
NONE = "目前没有可选的"


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
class Lookup:
    """What may be chosen by code: ``rows(user)`` is a queryset, Forbidden without the right to choose at all.

    ``key`` is the field whose value the form sends.
    """

    code: str
    rows: Callable[[Any], Any]
    key: str = "pk"


lookups: Registry[Lookup] = Registry("lookup")
Narrowing = Callable[[Any], Sequence[Filter]]
_narrowings: dict[str, Narrowing] = {}


def narrow_by(model: Any, filters: Narrowing) -> None:
    """Let every picker of this model offer these filters."""
    _narrowings[model._meta.label_lower] = filters


def narrowing_of(model: Any, user: Any) -> Sequence[Filter]:
    """What narrows the choice among rows of a model, for this person; read once per request."""
    find, known = _narrowings.get(model._meta.label_lower), user.__dict__.setdefault("_narrowings", {})
    if find is not None and find not in known:
        known[find] = find(user)
    return known[find] if find is not None else ()


def lookup_url(code: str) -> str:
    """Address of a declared lookup."""
    return f"/choose/{code}/"


def suited(field: Any, url: str, user: Any) -> Any:
    """A field of a model's rows with the control that fits: few stay a list or boxes, many are looked up at ``url``."""
    several = isinstance(field, forms.ModelMultipleChoiceField)
    most = BOXES if several else A_LIST
    count = field.queryset.order_by().values("pk")[: most + 1].count()
    if not count:
        field.help_text = field.help_text or NONE
    if count > most:
        field.widget = (PickMany if several else Pick)(url, narrowing_of(field.queryset.model, user))
    elif several:
        # A list for several choices drops them all at a click without Ctrl, and a phone hides it.
        field.widget = forms.CheckboxSelectMultiple({"class": "form-check-input"})
        field.widget.choices = field.choices
    return field


def suit_all(form: forms.Form, url: Callable[[str], str], user: Any) -> None:
    """The same for every visible field of a form; ``url(name)`` is where a field is looked up."""
    for name, one in form.fields.items():
        if isinstance(one, forms.ModelChoiceField) and not one.widget.is_hidden:
            suited(one, url(name), user)


def choice(code: str, user: Any, *, many: bool = False, **said: Any) -> Any:
    """A form field for what the lookup ``code`` offers this person."""
    lookup = lookups[code]
    kind = forms.ModelMultipleChoiceField if many else forms.ModelChoiceField
    if lookup.key != "pk":
        said["to_field_name"] = lookup.key
    return suited(kind(lookup.rows(user), **said), lookup_url(code), user)


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
