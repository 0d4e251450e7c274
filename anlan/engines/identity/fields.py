"""Form fields of the account pages."""

from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest

from anlan.engines.org.api import OrgUnit, Scope
from anlan.kernel.errors import Rejected


class UnitField(forms.CharField):
    """A unit by code or full name, inside a scope; works in a county and in a province alike."""

    def __init__(self, found: Scope, label: str = "单位", **kwargs: Any) -> None:
        super().__init__(label=label, max_length=100, help_text="填单位代码或全称", **kwargs)
        self.found = found

    def clean(self, value: Any) -> OrgUnit | None:
        """The unit; an error for one that is not there or not in the scope, the two not told apart."""
        text = super().clean(value)
        if not text:
            return None
        rows = OrgUnit.objects.filter(closed_on=None).filter(units_inside(self.found))
        found = list(rows.filter(code=text)[:1]) or list(rows.filter(name=text)[:2])
        if len(found) != 1:
            raise forms.ValidationError("没有找到这个单位，请核对代码或全称")
        return found[0]


def units_inside(found: Scope) -> Q:
    """Condition on OrgUnit rows inside a scope."""
    condition = Q(pk__in=[])
    for path in found.paths:
        condition |= Q(path__startswith=path)
    return condition


class PasswordField(forms.CharField):
    """A password box; nothing is stripped, nothing is shown again."""

    def __init__(self, label: str, autocomplete: str, **kwargs: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(label=label, strip=False, max_length=128, widget=widget, **kwargs)


class DayField(forms.DateField):
    """A day, chosen with the browser's own picker."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(label=label, widget=widget, **kwargs)


def take(form: forms.Form, error: Rejected) -> None:
    """Show a refusal at its fields; messages of fields the form lacks stand above it."""
    for name, said in error.fields.items():
        for text in said:
            form.add_error(name if name in form.fields else None, text)


def data(request: HttpRequest) -> Any:
    """The sent values, or None for an empty form."""
    return request.POST if request.method == "POST" else None
