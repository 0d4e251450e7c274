"""The sheet of one kind of location: the school fills it in, the inspector confirms or corrects it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from anlan.domains.site_security.asking import CheckSheet, Sheet
from anlan.domains.site_security.editions import LocationKind
from anlan.domains.site_security.stating import check, state
from anlan.domains.site_security.surveys import Statement, Survey
from anlan.engines.audit.api import Actor
from anlan.engines.files.api import attachments_of_many
from anlan.kernel.errors import Rejected
from anlan.shell.parts import Action, Crumb
from anlan.shell.responses import render_block, see_other

VIEW = "site_security.surveys.view"


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, pk: int, kind: int) -> HttpResponse:
    """Show or store; 422 keeps what was typed, 403 and 409 as the verbs say."""
    survey = Survey.objects.visible(request.user, VIEW).select_related("org", "edition").one(pk=pk)
    location = LocationKind.objects.unscoped().one(pk=kind, edition=survey.edition_id)
    checking = survey.state == "submitted"
    form = _form(request, survey, location, checking)
    if request.method == "POST" and form.is_valid():
        verb: Any = check if checking else state
        try:
            verb(Actor.of(request), survey, form.said())
        except Rejected as refused:
            for name, said in refused.fields.items():
                form.add_error(name if name in form.fields else None, list(said))
        else:
            return see_other(request, f"{survey.get_absolute_url()}#kinds-h")
    return _show(request, survey, location, form, "核对" if checking else "填报")


def _form(request: HttpRequest, survey: Survey, kind: LocationKind, checking: bool) -> Sheet:
    rows = Statement.objects.unscoped().filter(survey=survey, kind=kind, archived_at=None)
    found = list(rows.select_related("requirement", "place", "kind").order_by("place", "pk"))
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    return (CheckSheet if checking else Sheet)(found, attachments_of_many(found, "proof"), *sent)


def _show(request: HttpRequest, survey: Survey, kind: LocationKind, form: Sheet, verb: str) -> HttpResponse:
    back = survey.get_absolute_url()
    context = {
        "title": f"{kind.title}：{verb}",
        "lede": f"{survey.org}，{survey.edition}。没填的可以以后再填；“达到”要有照片或设备编号。",
        "crumbs": [
            Crumb("重点部位防护对照", "/site-security/surveys/"),
            Crumb(str(survey.org), back),
            Crumb(kind.title),
        ],
        "form": form,
        "sections": form.parts,
        "primary": "保存",
        "others": [Action("取消", back, "quiet")],
    }
    return render_block(request, "shell/form.html", "form", context, 422 if form.is_bound else 200)
