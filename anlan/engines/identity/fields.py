"""Form fields of the account pages."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest

from anlan.engines.org.api import OrgUnit, below, require
from anlan.kernel.errors import Rejected
from anlan.shell.picking import Lookup, choice, lookups


def units_under(right: str) -> Callable[[Any], Any]:
    """For a lookup: open units inside the scope of a right; Forbidden without it."""

    def rows(user: Any) -> Any:
        return OrgUnit.objects.filter(below(require(user, right).paths, ""), closed_on=None)

    return rows


def unit_choice(right: str, user: Any, label: str = "单位") -> Any:
    """A unit inside the scope of a right, looked up by name, pinyin, type, town; its code is what the form sends.

    The lookup is declared by :func:`offer_units`. What is not there and what is not in the scope is not told apart.
    """
    words = {"invalid_choice": "没有找到这个单位，或它不在您的管理范围内"}
    return choice(lookup_of(right), user, label=label, error_messages=words)


def offer_units(right: str) -> str:
    """Declare the lookup of the units inside the scope of a right; returns the right."""
    lookups.add(lookup_of(right), Lookup(lookup_of(right), units_under(right), "code"))
    return right


def lookup_of(right: str) -> str:
    """Code of the lookup that goes with a right."""
    return right.replace(".", "-")


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
