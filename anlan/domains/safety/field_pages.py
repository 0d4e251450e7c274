"""The field check on a phone: an app page that works offline, its tasks, and the sheets it opens (D11.9, NF.218)."""

import hashlib
import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from anlan.base.errands import errands
from anlan.domains.safety.field_taking import taken_along
from anlan.domains.safety.inspecting import open_sheet
from anlan.domains.safety.inspection import InspectionTask
from anlan.engines.audit.api import Actor
from anlan.engines.files.api import in_json
from anlan.engines.forms.api import body_of, client_time
from anlan.engines.org.api import may
from anlan.kernel import clock
from anlan.kernel.errors import Forbidden, Rejected

VIEW = "safety.inspections.view"
CHECK = "safety.inspections.submit"
SCRIPTS = ("store", "net", "page", "outbox", "sync", "sheet", "errands")
STATIC = (
    "lib/bootstrap.min.css",
    "shell/anlan.css",
    "shell/js/boot.js",
    "lib/signature_pad.umd.min.js",
    "lib/icons.svg",
    "shell/img/logo.svg",
)
WORKER = Path(__file__).parent / "static" / "safety" / "field" / "worker.js"


def field_right(user: Any) -> None:
    """Whoever checks, or has an errand, works in the field; Forbidden for everybody else."""
    rights = {CHECK, *(right for errand in errands for right in errand.rights)}
    if not any(may(user, right) for right in rights):
        raise Forbidden(CHECK)


def scripts() -> list[str]:
    """Static files of the page in their order; those of the errands before the one that draws."""
    own = [f"safety/field/{name}.js" for name in SCRIPTS]
    return [*own, *(one.script for one in errands if one.script), "safety/field/app.js"]


@require_safe
@never_cache
def app(request: HttpRequest) -> HttpResponse:
    """The page; it holds nothing about anybody but the number of the account."""
    field_right(request.user)
    return render(request, "safety/field.html", {"scripts": scripts()})


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker with the files it keeps; a new release has a new name."""
    files = ["/safety/field/", *[static(name) for name in (*STATIC, *scripts())]]
    source = WORKER.read_text(encoding="utf-8")
    name = "anlan-field-" + hashlib.sha256(json.dumps(files).encode() + source.encode()).hexdigest()[:12]
    text = source.replace(
        "'use strict';", f"'use strict';\nvar NAME = {name!r}, FILES = {json.dumps(files)};", 1
    )
    return HttpResponse(text, "text/javascript", headers={"Cache-Control": "no-cache"})


@require_safe
@in_json
def tasks(request: HttpRequest) -> HttpResponse:
    """All the phone takes along besides the form versions."""
    field_right(request.user)
    said = {"user": str(request.user.pk), "csrf": get_token(request), "server_time": clock.now().isoformat()}
    return JsonResponse(said | taken_along(request.user), headers={"Cache-Control": "no-store"})


@require_POST
@in_json
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the task's sheet under the phone's uid; the sheet begun before where there is one."""
    task = InspectionTask.objects.visible(request.user, VIEW).select_related("org", "response").one(pk=pk)
    if task.assignee_id != request.user.pk:
        raise Forbidden(CHECK)
    said = body_of(request.body)
    try:
        uid = UUID(str(said.get("uid")))
    except ValueError:
        raise Rejected({"uid": "编号不对"}) from None
    actor = Actor.of(request, "phone")
    response = open_sheet(actor, task, uid=uid, phone_started_at=client_time(said.get("started_at")))
    return JsonResponse({"response": str(response.uid), "state": response.state})
