"""What acts of collecting data ask: schools, a reason, a new deadline, which export."""

from typing import Any

from django import forms

from anlan.base.audiences import AudienceForm


class SchoolsForm(AudienceForm):
    """Which schools a collection asks."""

    @classmethod
    def for_record(cls, record: Any, data: Any = None, files: Any = None) -> "AudienceForm":
        """As last chosen."""
        form = super().for_record(_Chosen(record), data, files)
        form.initial = record.audience_said
        return form


class _Chosen:
    """A plan as the audience form looks at it."""

    def __init__(self, plan: Any) -> None:
        self.org, self.audience = plan.org, plan.audience_said


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label="原因", max_length=200)


class ReturnForm(forms.Form):
    """Why a sheet goes back, and until when it is to come again."""

    reason = forms.CharField(label="退回原因", max_length=300, widget=forms.Textarea({"rows": 3}))
    due_at = forms.DateTimeField(
        label="新的期限",
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="不填则期限不变",
    )
