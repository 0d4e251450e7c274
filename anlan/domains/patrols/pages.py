"""The way to the phone's pages, and the labels to print (S08.2)."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from anlan.base.errands import FIELD_PAGES
from anlan.domains.patrols.routes import Point, Route
from anlan.domains.patrols.stamping import WALK
from anlan.engines.audit.api import Actor, log
from anlan.engines.org.api import require
from anlan.engines.output.api import as_download, pdf_of, qr_data
from anlan.kernel.errors import Forbidden
from anlan.shell.navigation import Page, add_page

add_page(Page("safety", "巡查打卡", "我的巡查", FIELD_PAGES, WALK, None, 290))


@require_safe
def labels(request: HttpRequest, pk: int) -> HttpResponse:
    """Labels of a route as PDF: one code to a point, with its name, its address for NFC tags, and the typed code."""
    route = Route.objects.visible(request.user, "patrols.routes.view").select_related("org").one(pk=pk)
    if not require(request.user, "patrols.points.view").covers(route.org.path):
        raise Forbidden("patrols.points.view")
    points = Point.objects.unscoped().filter(route=route, archived_at=None).order_by("number")
    addresses = [(point, request.build_absolute_uri(f"{FIELD_PAGES}?p={point.token}")) for point in points]
    sheets = [(point, qr_data(address), address) for point, address in addresses]
    log(Actor.of(request), "print", route, title=f"{route} 标签")
    html = render_to_string("patrols/labels.html", {"route": route, "sheets": sheets})
    return as_download(f"{route.org}{route}标签.pdf", pdf_of(html))
