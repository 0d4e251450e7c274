"""The form of a quick report: kind, place by choice or position, words, urgency (S02.1)."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from anlan.base.places import Place
from anlan.domains.safety.quick import QuickKind, QuickReport
from anlan.domains.safety.quick_sending import SLOTS, kinds_at
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import add_slots, ledgers
from anlan.kernel import ids

URGENCY = [("normal", "一般"), ("urgent", "紧急")]


class QuickForm(forms.Form):
    """``uid`` is the phone's, so that a report sent again is the same; position is asked of the phone only.

    A page without script sends the same under ``idempotency``.
    """

    uid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ModelChoiceField(
        QuickKind.unguarded.none(), label="类别", widget=forms.RadioSelect, empty_label=None
    )
    place = forms.CharField(label="地点", max_length=80, required=False)
    text = forms.CharField(label="情况说明", widget=forms.Textarea, max_length=2000, required=False)
    urgency = forms.ChoiceField(label="紧急程度", choices=URGENCY, widget=forms.RadioSelect, initial="normal")
    hidden = forms.BooleanField(label="隐藏我的姓名", required=False)
    latitude = forms.DecimalField(
        widget=forms.HiddenInput, required=False, min_value=-90, max_value=90, max_digits=9, decimal_places=6
    )
    longitude = forms.DecimalField(
        widget=forms.HiddenInput,
        required=False,
        min_value=-180,
        max_value=180,
        max_digits=9,
        decimal_places=6,
    )
    taken_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)

    def clean(self) -> dict[str, Any]:
        """A position stands for a place nobody named."""
        said: dict[str, Any] = super().clean() or {}
        east, north = said.get("longitude"), said.get("latitude")
        if not said.get("place"):
            if east is None or north is None:
                self.add_error("place", "请选择或填写地点，或点“用定位”")
            else:
                said["place"] = f"定位 {north}，{east}"
        return said

    def report(self, unit: OrgUnit) -> QuickReport:
        """The report as filled in."""
        said = {name: value for name, value in self.cleaned_data.items() if name in REPORTED}
        said["uid"] = said["uid"] or key_of(self.data) or ids.new_uid()
        return QuickReport(org=unit, **said)


def key_of(data: Any) -> UUID | None:
    """The uid of what was sent."""
    try:
        return UUID(data.get("uid") or data.get("idempotency") or "")
    except ValueError:
        return None


REPORTED = set(QuickForm.base_fields)


def form_for(unit: OrgUnit, data: QueryDict | None = None, files: Any = None) -> forms.Form:
    """The form at a school, with its kinds and its upload fields."""
    form = QuickForm(data, files, initial={"uid": ids.new_uid()})
    form.fields["kind"].queryset = kinds_at(unit)  # type: ignore[attr-defined]
    return add_slots(form, ledgers["safety.quick"], list(SLOTS))


def places_of(unit: OrgUnit) -> list[str]:
    """Places of the school, to choose from while typing."""
    rows = Place.objects.unscoped().filter(org=unit, archived_at=None).exclude(kind="class")
    return [str(place) for place in rows.select_related("parent")[:200]]
