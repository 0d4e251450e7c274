"""Taking a step of a school task: a page with its form, or one POST."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from anlan.engines.audit.api import Actor
from anlan.engines.tasks.pages.finding import visible_tasks
from anlan.engines.tasks.pages.school_list import TITLE
from anlan.engines.tasks.pages.turns import VERBS, Verb
from anlan.engines.tasks.school_tasks import SchoolTask
from anlan.kernel.errors import Missing, Rejected
from anlan.shell.parts import Crumb
from anlan.shell.responses import see_other

UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Show the step's form, or take the step; 422 with the form where something is missing."""
    task, verb = visible_tasks(request.user).one(pk=pk), VERBS.get(code)
    if verb is None:
        raise Missing
    if verb.form is None:
        if request.method == "POST":
            verb.perform(Actor.of(request), task, None)
        return see_other(request, task.get_absolute_url())
    bound = request.method == "POST"
    form = verb.form(task, request.POST, request.FILES) if bound else verb.form(task)
    if bound and form.is_valid() and _performed(request, task, verb, form):
        return see_other(request, task.get_absolute_url())
    return _form_page(request, task, verb, form)


def _performed(request: HttpRequest, task: SchoolTask, verb: Verb, form: Any) -> bool:
    try:
        verb.perform(Actor.of(request), task, form)
    except Rejected as rejected:
        task.refresh_from_db()
        for name, texts in rejected.fields.items():
            form.add_error(name if name in form.fields else None, texts)
        return False
    return True


def _form_page(request: HttpRequest, task: SchoolTask, verb: Verb, form: Any) -> HttpResponse:
    context = {
        "title": verb.title,
        "lede": str(task),
        "crumbs": [
            Crumb(TITLE, reverse("tasks.school_tasks:list")),
            Crumb(str(task), task.get_absolute_url()),
            Crumb(verb.title),
        ],
        "form": form,
        "primary": verb.title,
        "post": verb.url(task),
    }
    return render(request, "shell/form.html", context, status=UNPROCESSABLE if form.errors else 200)
