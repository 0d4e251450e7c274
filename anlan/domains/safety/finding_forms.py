"""What is asked before something is started from a finding."""

from typing import Any, Self

from django import forms

from anlan.domains.safety.hazards import Grade
from anlan.engines.registry.api import RiskCategory, categories_at


class RaiseForm(forms.Form):
    """The grade of a hazard to be, if the inspector can tell it."""

    grade = forms.ChoiceField(label="等级", required=False, choices=[("", "待核实"), *Grade.choices])


class IncidentForm(forms.Form):
    """An incident started from a finding."""

    category = forms.ModelChoiceField(RiskCategory.unguarded.none(), label="风险类别", required=False)
    title = forms.CharField(label="事件", max_length=120)
    happened_at = forms.DateTimeField(label="发生时间", widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M"))
    course = forms.CharField(label="经过", widget=forms.Textarea, max_length=2000)

    @classmethod
    def for_record(cls, finding: Any, data: Any = None, files: Any = None) -> Self:
        """With what the finding says."""
        said = {
            "title": (finding.note or finding.wording)[:120],
            "happened_at": finding.found_at,
            "course": f"检查发现：{finding.wording}\n{finding.note}".strip(),
        }
        form = cls(data, initial=said)
        form.fields["category"].queryset = categories_at(finding.org)  # type: ignore[attr-defined]
        return form


class NoticeForm(forms.Form):
    """A notice drafted from a finding."""

    title = forms.CharField(label="标题", max_length=120)
    body = forms.CharField(label="内容", widget=forms.Textarea, max_length=4000)

    @classmethod
    def for_record(cls, finding: Any, data: Any = None, files: Any = None) -> Self:
        """With what the finding says."""
        said = f"检查中发现{finding.org.name}：{finding.wording}。{finding.note}".strip()
        return cls(data, initial={"title": f"关于整改“{finding.wording}”的通知"[:120], "body": said})
