"""What the acts on inspection plans, tasks and findings ask for."""

from typing import Any, Self

from django import forms

from anlan.domains.safety.checkers import CHECKERS, may_check
from anlan.domains.safety.inspection import InspectionTask
from anlan.domains.safety.inspection_modes import InspectionMode
from anlan.engines.forms.api import FormDefinition
from anlan.engines.identity.api import User
from anlan.engines.org.api import Grant


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
        form = task.form_version.definition_id  # type: ignore[union-attr]
        made = cls(data, initial={"assignee": task.assignee_id, "due_at": task.due_at, "form": form})
        made.fields["assignee"].queryset = inspectors_for(task)  # type: ignore[attr-defined]
        forms_here = usable_forms(plan.mode) | FormDefinition.unguarded.filter(pk=form)
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
