"""What the acts on inspection plans, tasks and findings ask for."""

from typing import Any, Self

from django import forms

from anlan.domains.safety.hazards import Grade
from anlan.domains.safety.incidents import IncidentKind
from anlan.domains.safety.inspection import CHECKERS, InspectionMode, InspectionTask, may_check
from anlan.engines.forms.api import FormDefinition
from anlan.engines.identity.api import User
from anlan.engines.org.api import Grant
from anlan.kernel import clock


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="原因", widget=forms.Textarea, max_length=500)


class ReturnForm(ReasonForm):
    """Why it goes back, and until when it is to be done."""

    due_at = forms.DateTimeField(
        label="新的期限",
        required=False,
        help_text="不填则不变",
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M"),
    )


class UrgeForm(forms.Form):
    """Words that go with a reminder."""

    note = forms.CharField(label="说明", required=False, max_length=200)


class TaskForm(forms.Form):
    """What may change in a task nobody has handed in: inspector, deadline, and before it is begun the form."""

    assignee = forms.ModelChoiceField(User.objects.none(), label="巡查员")
    due_at = forms.DateTimeField(label="期限", widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M"))
    form = forms.ModelChoiceField(FormDefinition.unguarded.none(), label="检查表")
    reason = forms.CharField(label="修改原因", max_length=200)

    @classmethod
    def for_record(cls, task: InspectionTask, data: Any = None, files: Any = None) -> Self:
        """The form with what this task allows."""
        plan = task.round.plan
        now = {"assignee": task.assignee_id, "due_at": task.due_at, "form": task.form_version.definition_id}  # type: ignore[union-attr]
        made = cls(data, initial=now)
        made.fields["assignee"].queryset = inspectors_for(task)  # type: ignore[attr-defined]
        forms_here = usable_forms(plan.mode) | FormDefinition.unguarded.filter(pk=now["form"])
        made.fields["form"].queryset = forms_here  # type: ignore[attr-defined]
        if task.response_id is not None:
            made.fields["form"].disabled = True
            made.fields["form"].help_text = "已开始填写，不能换检查表"
        return made


def inspectors_for(task: InspectionTask) -> Any:
    """People who may check this school, the present one included."""
    grants = Grant.in_force().filter(role__code__in=CHECKERS, user__is_active=True)
    near = [
        grant.user
        for grant in grants.select_related("user", "unit")
        if task.org.path.startswith(grant.unit.path)
    ]
    fit = {user.pk for user in near if may_check(user, task.org)}
    return User.objects.filter(pk__in=fit | {task.assignee_id}).order_by("pk")


def usable_forms(mode: InspectionMode) -> Any:
    """Forms in use that the mode allows."""
    allowed = mode.forms.values("pk")
    rows = FormDefinition.unguarded.filter(state="in_use", archived_at=None)
    return rows.filter(pk__in=allowed) if mode.forms.exists() else rows.filter(org=mode.org)


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


class RaiseForm(forms.Form):
    """The grade of a hazard to be, if the inspector can tell it."""

    grade = forms.ChoiceField(label="等级", required=False, choices=[("", "待核实"), *Grade.choices])


class IncidentForm(forms.Form):
    """An incident started from a finding."""

    kind = forms.ChoiceField(label="类别", choices=IncidentKind.choices)
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
        return cls(data, initial=said)


class NoticeForm(forms.Form):
    """A notice drafted from a finding."""

    title = forms.CharField(label="标题", max_length=120)
    body = forms.CharField(label="内容", widget=forms.Textarea, max_length=4000)

    @classmethod
    def for_record(cls, finding: Any, data: Any = None, files: Any = None) -> Self:
        """With what the finding says."""
        said = f"检查中发现{finding.org.name}：{finding.wording}。{finding.note}".strip()
        return cls(data, initial={"title": f"关于整改“{finding.wording}”的通知"[:120], "body": said})
