"""What a school is asked when something happened (D07.1)."""

from typing import Any

from django import forms

from anlan.domains.safety.reports import ReportItem, SafetyReport
from anlan.engines.registry.api import SeveralFiles


class IncidentForm(forms.Form):
    """What happened."""

    items = forms.ModelMultipleChoiceField(
        ReportItem.unguarded.none(),
        label="事件类别",
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
    )
    text = forms.CharField(label="发生了什么", widget=forms.Textarea, max_length=2000)
    emergency = forms.BooleanField(label="请求启动应急处置（教育局立即收到提醒）", required=False)
    photos = SeveralFiles(label="现场照片", required=False)

    @classmethod
    def for_record(cls, record: SafetyReport, data: Any = None, files: Any = None) -> "IncidentForm":
        """The form with the kinds laid down for this school."""
        form = cls(data, files)
        kinds: Any = form.fields["items"]
        kinds.queryset = ReportItem.unguarded.filter(
            org__code__in=record.org.ancestor_codes(), retired=False, archived_at=None
        )
        return form
