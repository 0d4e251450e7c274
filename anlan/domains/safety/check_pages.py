"""The field check: one page for computer and phone, drawn from the form the task was issued with (D01.8, D11.9)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anlan.domains.safety.inspecting import open_sheet
from anlan.domains.safety.inspection import InspectionTask
from anlan.engines.audit.api import Actor
from anlan.kernel.errors import Forbidden


@require_safe
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the own task's sheet; the page's script keeps answers without a network and sends them once."""
    rows = InspectionTask.objects.visible(request.user, "safety.inspections.view")
    task = rows.select_related("org", "round__plan__mode", "form_version", "response").one(pk=pk)
    if task.assignee_id != request.user.pk:
        raise Forbidden("safety.inspections.do")
    response = open_sheet(Actor.of(request), task)
    context: dict[str, Any] = {"task": task, "response": response, "form": task.form_version.form()}
    return render(request, "safety/check.html", context)
