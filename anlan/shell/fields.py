"""Django form fields as the shell draws them: shape, control with the right attributes, error lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from anlan.shell.picking import Pick, PickMany
from anlan.shell.signing import Signing
from anlan.shell.uploading import Upload

Widget = type[forms.Widget]
SHAPES: tuple[tuple[Widget, str], ...] = (
    (Pick, "pick"),
    (PickMany, "pick"),
    (Signing, "sign"),
    (forms.HiddenInput, "hidden"),
    (forms.MultipleHiddenInput, "hidden"),
    (forms.CheckboxSelectMultiple, "checks"),
    (forms.RadioSelect, "choice"),
    (forms.CheckboxInput, "check"),
    (forms.Select, "select"),
    (forms.Textarea, "long"),
    (Upload, "upload"),
    (forms.ClearableFileInput, "file"),
)
WIDE_CHOICE = 14
FOLD = 2
DJANGO_ROWS = "10"
BLANK = "请选择"
DASHES = ("---------", "")
# Calendar fields: their control, and the only way of writing a value that it accepts.
CALENDARS: tuple[tuple[type[forms.Field], str, str], ...] = (
    (forms.DateTimeField, "datetime-local", "%Y-%m-%dT%H:%M"),
    (forms.DateField, "date", "%Y-%m-%d"),
    (forms.TimeField, "time", "%H:%M"),
)
TEMPORAL = forms.DateInput | forms.DateTimeInput | forms.TimeInput
CLASSES = {
    "select": "form-select",
    "check": "form-check-input",
    "choice": "",
    "checks": "",
}


@dataclass(frozen=True)
class ErrorLine:
    """A line of the error summary: label and text, and the id it links to (empty for the whole form)."""

    label: str
    text: str
    target: str


def shape(field: BoundField) -> str:
    """Return hidden, check, checks, choice, pick, sign, select, long, upload, file or text."""
    widget = field.field.widget
    return next((name for kind, name in SHAPES if isinstance(widget, kind)), "text")


def mark(field: BoundField, rarer: str = "optional") -> str:
    """Return 选填 for an optional field; required fields carry no mark because they are the common case."""
    if shape(field) in ("check", "hidden"):
        return ""
    return "" if field.field.required or rarer != "optional" else "选填"


def is_wide(field: BoundField) -> bool:
    """Whether the field takes both columns: long text, and choices whose words need the room."""
    kind = shape(field)
    if kind in ("long", "checks", "file", "upload", "sign"):
        return True
    if kind == "pick":
        return bool(field.field.widget.multiple)
    if kind != "choice" or not isinstance(field.field, forms.ChoiceField):
        return False
    return sum(len(str(option.data["label"])) for option in field.subwidgets) > WIDE_CHOICE


def control(field: BoundField) -> SafeString:
    """Return the input itself with its class, keyboard and links to hint and error."""
    kind = shape(field)
    attrs = dict(field.field.widget.attrs)
    if kind == "select":
        _name_the_blank(field)
    if kind == "long" and str(attrs.get("rows")) == DJANGO_ROWS:
        attrs["rows"] = "4"
    css = [
        attrs.get("class", ""),
        CLASSES.get(kind, "form-control"),
        "is-invalid" if field.errors else "",
    ]
    attrs["class"] = " ".join(part for part in css if part)
    described = [f"{field.auto_id}-e"] if field.errors else []
    described += [f"{field.auto_id}-h"] if field.help_text else []
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if field.errors:
        attrs["aria-invalid"] = "true"
    if isinstance(field.field, forms.IntegerField) and not isinstance(field.field, forms.ModelChoiceField):
        attrs.setdefault(
            "inputmode",
            "decimal" if isinstance(field.field, forms.DecimalField) else "numeric",
        )
    return field.as_widget(attrs=_typed(field, attrs))


def _name_the_blank(field: BoundField) -> None:
    if isinstance(field.field, forms.ModelChoiceField):
        if field.field.empty_label:
            field.field.empty_label = BLANK
        return
    choices = list(field.field.widget.choices)
    field.field.widget.choices = [
        (v, BLANK if v in (None, "") and str(w) in DASHES else w) for v, w in choices
    ]


def error_lines(form: forms.BaseForm | None) -> list[ErrorLine]:
    """Return one line per error of a form, whole-form errors first; nothing for an unbound form."""
    return list(_lines(form)) if form is not None and form.is_bound else []


def _lines(form: forms.BaseForm) -> Iterator[ErrorLine]:
    for name, said in form.errors.items():
        if name == NON_FIELD_ERRORS or name not in form.fields:
            yield from (ErrorLine("", str(text), "") for text in said)
            continue
        field = form[name]
        target = field.auto_id if shape(field) in ("choice", "checks") else field.id_for_label
        yield from (ErrorLine(str(field.label), str(text), target) for text in said)


def _typed(field: BoundField, attrs: dict[str, Any]) -> dict[str, Any]:
    widget = field.field.widget
    kind = next((found for found in CALENDARS if isinstance(field.field, found[0])), None)
    # Set on the widget: as an attribute it would stand behind type="text", which then wins in the browser.
    if kind and isinstance(widget, TEMPORAL) and widget.input_type == "text":
        widget.input_type, widget.format = kind[1], kind[2]
    return attrs


@dataclass(frozen=True)
class Section:
    """A part of a form page: id, a question as title, its fields, how many of them need a change."""

    id: str
    title: str
    fields: tuple[BoundField, ...]
    errors: int


def sections(form: forms.BaseForm, wanted: list[dict[str, Any]] | None) -> list[Section]:
    """Return the parts of a form; fields no part names come last, so that nothing gets lost."""
    named = [name for part in wanted or [] for name in part["fields"]]
    rest = [field.name for field in form.visible_fields() if field.name not in named]
    parts = [
        *(wanted or []),
        *([{"id": "rest", "title": "", "fields": rest}] if rest else []),
    ]
    return [_section(form, part) for part in parts]


def _section(form: forms.BaseForm, part: dict[str, Any]) -> Section:
    mine = tuple(form[name] for name in part["fields"] if name in form.fields)
    wrong = sum(bool(field.errors) for field in mine) if form.is_bound else 0
    return Section(part["id"], part["title"], mine, wrong)


@dataclass(frozen=True)
class Folded:
    """A short form: what is asked first, and what may be folded away (``open`` where it needs a change)."""

    first: tuple[BoundField, ...]
    rest: tuple[BoundField, ...] = ()
    open: bool = False


def folded(form: forms.BaseForm) -> Folded:
    """Files first, then what is required; several optional fields beside required ones are folded away."""
    order = sorted(form, key=lambda field: (shape(field) != "upload", not field.field.required))
    rest = tuple(field for field in order if not field.field.required and shape(field) != "hidden")
    asked = [field for field in order if field.field.required and shape(field) != "hidden"]
    if not asked or len(rest) < FOLD:
        return Folded(tuple(order))
    return Folded(tuple(f for f in order if f not in rest), rest, any(field.errors for field in rest))
