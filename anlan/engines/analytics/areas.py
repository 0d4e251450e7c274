"""The area that a page of figures is about: chosen within the person's sight, by default the highest there."""

from functools import partial
from typing import Any

from django import forms

from anlan.engines.org.api import Kind, OrgUnit, below, require
from anlan.shell.picking import Lookup, lookup_url, lookups, suited


def areas_of(permission: str, user: Any) -> Any:
    """Open units one may ask about under a right, agencies left out; Forbidden without the right."""
    units = OrgUnit.objects.filter(below(require(user, permission).paths, ""), closed_on=None)
    return units.exclude(kind=Kind.AGENCY)


def declare_areas(code: str, permission: str) -> str:
    """Let pickers offer these areas under ``code``, which comes back."""
    return lookups.add(code, Lookup(code, partial(areas_of, permission))).code


class AreaForm(forms.Form):
    """Which area, and how the figures are grouped."""

    area = forms.ModelChoiceField(OrgUnit.objects.none(), label="地区或学校", required=False)
    by = forms.CharField(required=False, widget=forms.HiddenInput)

    def ask_within(self, user: Any, permission: str, lookup: str) -> None:
        """Offer the areas within the person's sight."""
        self.fields["area"].queryset = areas_of(permission, user)  # type: ignore[attr-defined]
        suited(self.fields["area"], lookup_url(lookup), user)

    def settled_area(self, user: Any, permission: str) -> OrgUnit:
        """The area asked for; by default the highest one of the person."""
        found: OrgUnit | None = self.cleaned_data["area"]
        return found or OrgUnit.objects.get(path=min(require(user, permission).paths, key=len))
