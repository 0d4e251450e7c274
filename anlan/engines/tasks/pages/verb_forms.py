"""Forms of the steps of a school task."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q

from anlan.engines.audit.api import current_actor
from anlan.engines.files.api import count as files_of
from anlan.engines.identity.api import units_under
from anlan.engines.org.api import Grant, OrgUnit
from anlan.engines.tasks.school_tasks import PHOTOS, VIEW, Evidence, SchoolTask
from anlan.shell.picking import Lookup, lookup_url, lookups, suited

ANSWERS = [("正常", "正常"), ("异常", "异常")]
PARTS = lookups.add("task-parts", Lookup("task-parts", units_under(VIEW))).code
MOMENT = "%Y-%m-%dT%H:%M"


def colleagues(unit: OrgUnit) -> Any:
    """People who work at the unit."""
    granted = Grant.in_force().filter(unit=unit).values("user")
    people = get_user_model().objects.filter(Q(unit=unit) | Q(pk__in=granted), is_active=True)
    return people.order_by("name", "pk")


class SeveralFiles(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several uploads at once."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        wanted = data if isinstance(data, (list, tuple)) else [data]
        return [upload for item in wanted if (upload := super(FilesField, self).clean(item, initial))]


class TaskForm(forms.Form):
    """A form about one task."""

    def __init__(self, task: SchoolTask, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.task = task
        self.shape()

    def shape(self) -> None:
        """Fit the fields to the task."""


class ReportForm(TaskForm):
    """What is reported; asks only for what the task wants."""

    def shape(self) -> None:
        wanted = set(self.task.plan.evidence)
        pictured = bool(files_of(self.task, PHOTOS))
        for number, item in enumerate(self.task.plan.checklist):
            field = forms.ChoiceField(label=item, choices=ANSWERS, widget=forms.RadioSelect)
            self.fields[f"item_{number}"] = field
        self.fields["text"] = forms.CharField(
            label="文字说明",
            widget=forms.Textarea(attrs={"rows": 3}),
            required=Evidence.TEXT in wanted,
            max_length=2000,
        )
        if Evidence.PLACE in wanted or self.task.plan.place:
            self.fields["place"] = forms.CharField(
                label="地点", required=Evidence.PLACE in wanted, max_length=80, initial=self.task.plan.place
            )
        self.fields[PHOTOS] = FilesField(label="照片", required=Evidence.PHOTOS in wanted and not pictured)
        if Evidence.SIGNATURE in wanted:
            self.fields["signature"] = forms.CharField(label="签名（填写本人姓名）", max_length=40)

    def values(self) -> dict[str, Any]:
        """What goes into the report."""
        said = {name: self.cleaned_data.get(name, "") for name in ("text", "place", "signature")}
        answers = enumerate(self.task.plan.checklist)
        return said | {"checklist": {item: self.cleaned_data[f"item_{number}"] for number, item in answers}}


class ReasonForm(TaskForm):
    """A reason."""

    reason = forms.CharField(label="原因", widget=forms.Textarea(attrs={"rows": 2}), max_length=200)


class TransferForm(ReasonForm):
    """To whom, and why."""

    field_order = ("target", "reason")

    def shape(self) -> None:
        people = colleagues(self.task.org).exclude(pk=self.task.assignee_id or 0)
        self.fields["target"] = forms.ModelChoiceField(people, label="转给")
        self.order_fields(self.field_order)


class ExtensionForm(ReasonForm):
    """Until when, and why."""

    until = forms.DateTimeField(
        label="延至",
        input_formats=[MOMENT],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT),
    )
    field_order = ("until", "reason")

    def clean_until(self) -> datetime:
        """Later than the present deadline."""
        until: datetime = self.cleaned_data["until"]
        if until <= self.task.due_at:
            raise forms.ValidationError("要晚于现在的期限")
        return until


class OpinionForm(TaskForm):
    """Approve or refuse, with an opinion."""

    approve = forms.ChoiceField(
        label="审批", choices=[("yes", "同意"), ("no", "不同意")], widget=forms.RadioSelect
    )
    opinion = forms.CharField(label="意见", required=False, max_length=200)


class SplitForm(TaskForm):
    """Among whom, or to which units below."""

    part = forms.CharField(label="分工", required=False, max_length=100)

    def shape(self) -> None:
        taken = self.task.parts.exclude(assignee=None).values("assignee")
        people = colleagues(self.task.org).exclude(pk__in=taken).exclude(pk=self.task.assignee_id or 0)
        boxes = forms.CheckboxSelectMultiple
        self.fields["people"] = forms.ModelMultipleChoiceField(
            people, label="分给人员", widget=boxes, required=False
        )
        below = OrgUnit.objects.filter(path__startswith=self.task.org.path, closed_on=None)
        below = below.exclude(pk=self.task.org_id)
        if below.exists():
            units = forms.ModelMultipleChoiceField(below, label="分给下属单位", required=False)
            self.fields["units"] = suited(units, lookup_url(PARTS), current_actor().user)

    def clean(self) -> dict[str, Any]:
        """Somebody must be chosen."""
        found: dict[str, Any] = super().clean() or {}
        if not found.get("people") and not found.get("units"):
            raise forms.ValidationError("请选择人员或单位")
        return found
