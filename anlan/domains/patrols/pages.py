"""The walker's page, the interface it sends stamps to, and the labels to print (S08.2)."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from anlan.domains.patrols.routes import Point, Route, standing
from anlan.domains.patrols.stamping import WALK, Said, stamp
from anlan.engines.audit.api import Actor, log
from anlan.engines.files.api import in_json
from anlan.engines.forms.api import body_of, client_time
from anlan.engines.org.api import require
from anlan.engines.output.api import as_download, pdf_of, qr_data
from anlan.kernel import clock
from anlan.kernel.errors import Forbidden, Rejected
from anlan.shell.navigation import Page, add_page

URL = "/patrols/walk/"
add_page(Page("safety", "巡查打卡", "我的巡查", URL, WALK, None, 290))


@require_safe
@ensure_csrf_cookie
def walk(request: HttpRequest) -> HttpResponse:
    """Own routes of today with their points; ``p`` is the label just scanned."""
    found = require(request.user, WALK)
    routes = Route.objects.unscoped().filter(found.condition(), walkers=request.user, archived_at=None)
    shown = [{"route": route, "rows": standing(route, clock.today())} for route in routes]
    return render(request, "patrols/walk.html", {"routes": shown, "scanned": request.GET.get("p", "")[:20]})


@require_POST
@in_json
def take(request: HttpRequest) -> HttpResponse:
    """Store one stamp; sent twice it is stored once."""
    require(request.user, WALK)
    said = body_of(request.body)
    try:
        uid = UUID(str(said.get("uid")))
    except ValueError:
        raise Rejected({"uid": "编号不对"}) from None
    at = client_time(said.get("at")) or clock.now()
    words = Said(
        uid,
        at,
        _position(said),
        said.get("fine") is not False,
        str(said.get("note") or "")[:300],
        _photos(said),
    )
    row = stamp(Actor.of(request, "phone"), str(said.get("code", ""))[:40], words)
    return JsonResponse(
        {
            "point": row.point.name,
            "late": row.late,
            "place": row.place,
            "place_words": row.get_place_display(),
        }
    )


def _position(said: dict[str, Any]) -> tuple[float, float] | None:
    try:
        here = float(said["lat"]), float(said["lng"])
    except (KeyError, TypeError, ValueError):
        return None
    return here if -90 <= here[0] <= 90 and -180 <= here[1] <= 180 else None


def _photos(said: dict[str, Any]) -> tuple[str, ...]:
    photos = said.get("photos")
    return tuple(str(one) for one in photos[:9]) if isinstance(photos, list) else ()


@require_safe
def labels(request: HttpRequest, pk: int) -> HttpResponse:
    """Labels of a route as PDF: one QR code to a point, with its name and typed code."""
    route = Route.objects.visible(request.user, "patrols.routes.view").select_related("org").one(pk=pk)
    if not require(request.user, "patrols.points.view").covers(route.org.path):
        raise Forbidden("patrols.points.view")
    points = Point.objects.unscoped().filter(route=route, archived_at=None).order_by("number")
    sheets = [(point, qr_data(request.build_absolute_uri(f"{URL}?p={point.token}"))) for point in points]
    log(Actor.of(request), "print", route, title=f"{route} 标签")
    html = render_to_string("patrols/labels.html", {"route": route, "sheets": sheets})
    return as_download(f"{route.org}{route}标签.pdf", pdf_of(html))
