"""What a patrol of one's own school starts with (SAF.05)."""

from typing import Any

from django import forms

from anlan.domains.safety.inspection_modes import InspectionMode
from anlan.engines.forms.api import FormDefinition
from anlan.kernel import clock


class PatrolForm(forms.Form):
    """What a patrol of one's own school starts with."""

    mode = forms.ModelChoiceField(InspectionMode.unguarded.none(), label="巡查模式")
    form = forms.ModelChoiceField(FormDefinition.unguarded.none(), label="检查表")
    day = forms.DateField(label="巡查日期", widget=forms.DateInput(format="%Y-%m-%d"), initial=clock.today)

    def clean_day(self) -> Any:
        """Not a day to come."""
        day = self.cleaned_data["day"]
        if day > clock.today():
            raise forms.ValidationError("巡查日期不能晚于今天")
        return day
