"""Forms as they are shown: few choices stay boxes or a list, many are looked up."""

from typing import Any

from django import forms

from anlan.engines.registry.declaring import Ledger
from anlan.engines.registry.forming import RecordForm
from anlan.shell.picking import Pick, PickMany, narrowing_of

A_LIST, BOXES = 20, 8
NONE = "目前没有可选的"


def present(ledger: Ledger, user: Any, form: RecordForm, record: Any = None) -> RecordForm:
    """The form with a control for each relation that suits how much there is to choose from."""
    for name, field in form.fields.items():
        if isinstance(field, forms.ModelChoiceField) and not field.widget.is_hidden:
            _suit(ledger, user, name, field, record)
    return form


def _suit(ledger: Ledger, user: Any, name: str, field: Any, record: Any) -> None:
    several = isinstance(field, forms.ModelMultipleChoiceField)
    most = BOXES if several else A_LIST
    count = field.queryset.order_by().values("pk")[: most + 1].count()
    if not count:
        field.help_text = field.help_text or NONE
    if count > most:
        asked = f"?for={record.pk}" if record is not None else ""
        filters = narrowing_of(field.queryset.model, user)
        field.widget = (PickMany if several else Pick)(f"{ledger.url}choose/{name}{asked}", filters)
    elif several:
        # A list for several choices drops them all at a click without Ctrl, and a phone hides it.
        field.widget = forms.CheckboxSelectMultiple({"class": "form-check-input"})
        field.widget.choices = field.choices
