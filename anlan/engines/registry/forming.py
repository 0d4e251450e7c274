"""Forms from the declaration: fields of the model, choices within scope, masks, the version looked at."""

import unicodedata
from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms

from anlan.engines.identity.api import CONFIRM_FIELD
from anlan.engines.registry.access import options
from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.evidence import KEPT, add_slots
from anlan.engines.registry.masking import masked
from anlan.engines.workflow.api import Move

FEW = 5
LONGEST_KEY = 18
OUTSIDE = "选中的不在可选范围内，请重新选择"


class RecordForm(forms.Form):
    """Fields of a ledger's form; ``version`` travels along so that a lost race is noticed."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    slots: ClassVar[list[str]] = []

    def values(self) -> dict[str, Any]:
        """What was filled in, without what only serves the form."""
        beside = {"version", CONFIRM_FIELD, *self.slots, *(KEPT + slot for slot in self.slots)}
        return {name: value for name, value in self.cleaned_data.items() if name not in beside}


class _Cleaned(forms.CharField):
    """Numbers people type with spaces, dashes or full-width digits."""

    def to_python(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", super().to_python(value) or "")
        return text if "*" in text else text.replace(" ", "").replace("-", "")


class _Several(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Rows of a relation to many; a number no key can have is no choice rather than an overflow."""

    def _check_values(self, value: Any) -> Any:
        if isinstance(value, list | tuple) and any(len(str(chosen)) > LONGEST_KEY for chosen in value):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super()._check_values(value)  # type: ignore[misc]


def form_for(
    ledger: Ledger,
    user: Any,
    record: Any = None,
    data: Any = None,
    names: Iterable[str] | None = None,
    *,
    files: Any = None,
) -> RecordForm:
    """The form to add (no record) or edit; ``data`` binds it."""
    verb = "add" if record is None else "edit"
    wanted = ledger.form_names if names is None else names
    fields = {name: _field(ledger, user, name, verb, record) for name in wanted}
    kind = type("LedgerForm", (RecordForm,), {k: v for k, v in fields.items() if v is not None})
    form: RecordForm = kind(data, files, initial=initial(ledger, record, wanted) or ledger.begin(user))
    _settle(form)
    if record is None and data is None:
        _choose_the_only(form)
    return form


def initial(ledger: Ledger, record: Any, names: Iterable[str]) -> dict[str, Any]:
    """Present values, personal ones masked."""
    if record is None:
        return {}
    found: dict[str, Any] = {"version": record.version}
    for name in names:
        field: Any = ledger.model._meta.get_field(name)
        value = list(getattr(record, name).all()) if field.many_to_many else field.value_from_object(record)
        found[name] = masked(ledger.masked[name], value) if name in ledger.masked else value
    return found


def _field(ledger: Ledger, user: Any, name: str, verb: str, record: Any) -> Any:
    field: Any = ledger.model._meta.get_field(name)
    if field.is_relation:
        chosen = options(ledger, user, field, verb)
        if record is not None and not field.many_to_many and getattr(record, f"{name}_id"):
            chosen = chosen | field.related_model._default_manager.filter(pk=getattr(record, f"{name}_id"))
        return _relation(field, chosen)
    if ledger.masked.get(name) in ("phone", "identity"):
        return _Cleaned(label=field.verbose_name, required=not field.blank, help_text=field.help_text)
    return typed(field)


def _relation(field: Any, chosen: Any) -> forms.Field:
    kind = _Several if field.many_to_many else forms.ModelChoiceField
    return kind(
        chosen,
        label=field.verbose_name,
        required=not field.blank,
        help_text=field.help_text,
        error_messages={"invalid_choice": OUTSIDE},
    )


def typed(field: Any) -> forms.Field | None:
    """The form field of a model field, with controls a phone knows."""
    made: forms.Field | None = field.formfield()
    if isinstance(made, forms.DateTimeField):
        made.widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M")
    elif isinstance(made, forms.DateField):
        made.widget = forms.DateInput(format="%Y-%m-%d")
    elif isinstance(made, forms.TypedChoiceField) and len(list(field.choices)) <= FEW and not field.blank:
        made.widget = forms.RadioSelect(choices=field.choices)
        made.choices = field.choices
    return made


def _settle(form: forms.Form) -> None:
    """A unit with only one answer is not asked for."""
    org = form.fields.get("org")
    if isinstance(org, forms.ModelChoiceField) and org.queryset is not None:
        only = list(org.queryset[:2])
        if len(only) == 1:
            org.widget = forms.HiddenInput()
            form.initial.setdefault("org", only[0].pk)


def _choose_the_only(form: forms.Form) -> None:
    """A relation that must be said and has one answer is answered; the person may still see it."""
    for name, field in form.fields.items():
        alone = type(field) is forms.ModelChoiceField and field.required and name not in form.initial
        if alone and len(only := list(field.queryset[:2])) == 1:  # type: ignore[attr-defined]
            form.initial[name] = only[0].pk


def move_form(
    ledger: Ledger, user: Any, record: Any, step: Move, data: Any = None, *, files: Any = None
) -> RecordForm:
    """The form of a move: needed fields are required, taken ones are not."""
    slots = ledger.flow.files if ledger.flow else ()
    names = [name for name in (*step.needs, *step.takes) if name not in slots]
    form = form_for(ledger, user, record, data, names, files=files)
    for name in names:
        form.fields[name].required = name in step.needs
        # What an earlier step said is not said again without thinking.
        if ledger.model._meta.get_field(name).get_internal_type() == "TextField":
            form.initial.pop(name, None)
    with_slots(form, ledger, [name for name in (*step.needs, *step.takes) if name in slots])
    for name in form.slots:
        # For the mark beside the label only: whether files suffice is judged with those kept.
        form.fields[name].required = name in step.needs
    return form


def with_slots(form: RecordForm, ledger: Ledger, slots: list[str], needed: Iterable[str] = ()) -> RecordForm:
    """The form with upload fields for these slots, some of them not optional."""
    add_slots(form, ledger, slots)
    for slot in needed:
        form.fields[slot].required = True
    form.slots = slots  # type: ignore[misc]
    return form
