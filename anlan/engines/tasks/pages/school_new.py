"""Giving a task: a school to its own people or posts, a superior to units below."""

from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from anlan.engines.audit.api import Actor
from anlan.engines.files.api import attach
from anlan.engines.identity.api import units_under
from anlan.engines.org.api import Kind, OrgUnit, Role, require
from anlan.engines.tasks.pages.school_list import TITLE
from anlan.engines.tasks.pages.verb_forms import FilesField, colleagues
from anlan.engines.tasks.recurrence import Repeat
from anlan.engines.tasks.school_tasks import ANNEX, ISSUE, Evidence, SchoolTaskPlan, TaskKind
from anlan.engines.tasks.splitting import issue
from anlan.kernel import clock
from anlan.kernel.errors import Rejected
from anlan.shell.parts import Crumb
from anlan.shell.picking import Lookup, lookup_url, lookups, suited
from anlan.shell.responses import see_other

UNPROCESSABLE = 422
UNITS = lookups.add("task-units", Lookup("task-units", units_under(ISSUE))).code
POSTS = ("school_head", "school_safety", "guard", "canteen_manager", "dorm_keeper", "staff")


class NewTaskForm(forms.ModelForm[SchoolTaskPlan]):
    """What is to be done, by whom, when."""

    checklist = forms.CharField(
        label="检查项", widget=forms.Textarea(attrs={"rows": 3}), required=False, help_text="一行一项"
    )
    evidence = forms.MultipleChoiceField(
        label="反馈要求", choices=Evidence.choices, widget=forms.CheckboxSelectMultiple, required=False
    )

    annexes = FilesField(label="附件", required=False)

    class Meta:
        model = SchoolTaskPlan
        fields = (
            "title", "kind", "content", "place", "org", "responsible", "post", "assistants", "units",
            "starts_on", "ends_on", "repeat", "interval_days", "skip_holidays", "deadline_days",
            "deadline_time", "remind_hours", "sign_hours", "checklist", "evidence", "shared",
        )  # fmt: skip
        widgets = {
            "content": forms.Textarea(attrs={"rows": 3}),
            "starts_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ends_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "deadline_time": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "assistants": forms.CheckboxSelectMultiple,
        }

    def __init__(self, user: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = require(user, ISSUE)
        inside = [Q(path__startswith=path) for path in found.paths]
        scope = OrgUnit.objects.filter(reduce(or_, inside, Q(pk=None)), closed_on=None)
        home = user.unit if user.unit and found.covers(user.unit.path) else scope.first()
        people = colleagues(home) if home else get_user_model().objects.none()
        below = scope.exclude(pk=home.pk) if home else scope
        self.fields["org"] = forms.ModelChoiceField(
            OrgUnit.objects.filter(pk__in=[home.pk] if home else []), initial=home, widget=forms.HiddenInput
        )
        self.fields["responsible"].queryset = people  # type: ignore[attr-defined]
        self.fields["assistants"].queryset = people  # type: ignore[attr-defined]
        for name in ("responsible", "post"):
            self.fields[name].empty_label = "请选择"  # type: ignore[attr-defined]
        self.fields["post"].queryset = Role.objects.filter(code__in=POSTS)  # type: ignore[attr-defined]
        self.fields["units"].queryset = below  # type: ignore[attr-defined]
        suited(self.fields["units"], lookup_url(UNITS), user)
        if not below.exists():
            del self.fields["units"]
        if home and home.kind not in (Kind.SCHOOL, Kind.UNIVERSITY):
            del self.fields["shared"]

    def clean_checklist(self) -> list[str]:
        """One item per line."""
        lines: list[str] = self.cleaned_data["checklist"].splitlines()
        return [line.strip() for line in lines if line.strip()]


SECTIONS = [
    {"id": "what", "title": "做什么", "fields": ["title", "kind", "place", "content", "annexes"]},
    {"id": "who", "title": "谁来做", "fields": ["responsible", "post", "units", "assistants"]},
    {
        "id": "when",
        "title": "什么时候做",
        "fields": [
            "starts_on", "ends_on", "repeat", "interval_days", "skip_holidays",
            "deadline_days", "deadline_time", "remind_hours", "sign_hours",
        ],
    },
    {"id": "evidence", "title": "反馈什么", "fields": ["checklist", "evidence", "shared"]},
]  # fmt: skip


@require_http_methods(["GET", "POST"])
def new_task(request: HttpRequest) -> HttpResponse:
    """The form; a valid one becomes a task in force with its first round."""
    initial = {"starts_on": clock.today(), "ends_on": clock.today(), "repeat": Repeat.ONCE}
    initial["kind"] = TaskKind.PATROL
    form = NewTaskForm(request.user, request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _issued(request, form):
        return see_other(request, "tasks.school_tasks:list")
    context = {
        "title": "发布任务",
        "lede": "写清做什么、谁来做、什么时候做完；发布后马上通知承办人。",
        "crumbs": [Crumb(TITLE, reverse("tasks.school_tasks:list")), Crumb("发布任务")],
        "form": form,
        "sections": [
            {**section, "fields": [name for name in section["fields"] if name in form.fields]}
            for section in SECTIONS
        ],
        "primary": "发布任务",
        "busy": "正在发布…",
    }
    return render(request, "shell/form.html", context, status=UNPROCESSABLE if form.errors else 200)


def _issued(request: HttpRequest, form: NewTaskForm) -> bool:
    said = form.cleaned_data
    try:
        with transaction.atomic():
            actor = Actor.of(request)
            issue(actor, form.instance, said.get("units") or (), said.get("assistants") or ())
            for upload in said["annexes"]:
                attach(actor, form.instance, upload, ANNEX)
    except Rejected as rejected:
        for name, texts in rejected.fields.items():
            form.add_error(name if name in form.fields else None, texts)
        return False
    return True
