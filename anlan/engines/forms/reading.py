"""Reading a form version: the sheet as schools and phones will see it, and the blank print."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from anlan.engines.forms.composing import unconditional
from anlan.engines.forms.drawing import sheet
from anlan.engines.forms.purposes import readable_version
from anlan.shell.parts import Crumb


@require_GET
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """A version with all its questions, whatever the school; it prints as a blank form."""
    found = readable_version(request.user, pk)
    context = {
        "title": str(found),
        "crumbs": [Crumb("检查表", "/forms/"), Crumb(str(found))],
        "lede": found.definition.explanation,
        "sheet": sheet(unconditional(found.form()), {}, editable=False),
        "version": found,
    }
    return render(request, "forms/fill.html", context)
