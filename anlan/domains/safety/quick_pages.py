"""Reporting from the phone: the camera-first page; what is kept without a network comes by the outbox (S02.1)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from anlan.domains.safety.quick import QuickReport
from anlan.domains.safety.quick_afar import school_for
from anlan.domains.safety.quick_form import form_for, key_of, places_of
from anlan.domains.safety.quick_sending import SLOTS, send_report, units_of
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import take
from anlan.kernel.errors import Rejected
from anlan.shell.parts import Crumb
from anlan.shell.responses import see_other, toast


def _unit(request: HttpRequest, said: str) -> tuple[OrgUnit, list[OrgUnit]]:
    """The school reported at: the one named, else the first; Forbidden where the person may report nowhere,
    Rejected for a school not theirs.
    """
    units = units_of(request.user)
    known = request.method == "POST" or said in {str(unit.pk) for unit in units}
    return school_for(request.user, said if known else ""), units


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The page; 422 keeps what was typed and the pictures already taken in."""
    said = request.POST if request.method == "POST" else request.GET
    unit, units = _unit(request, said.get("org", ""))
    if request.method != "POST":
        return _show(request, unit, units, form_for(unit))
    if earlier := _sent_before(request, said):
        return _thanks(request, earlier)
    form = form_for(unit, request.POST, request.FILES)
    form.is_valid()
    taken = take(request, form, list(SLOTS))
    if form.errors:
        return _show(request, unit, units, form, 422)
    try:
        report, _ = send_report(Actor.of(request), form.report(unit), taken)  # type: ignore[attr-defined]
    except Rejected as refused:
        for name, texts in refused.fields.items():
            form.add_error(name if name in form.fields else None, texts)
        return _show(request, unit, units, form, 422)
    return _thanks(request, report)


def _sent_before(request: HttpRequest, said: Any) -> QuickReport | None:
    uid = key_of(said)
    rows = QuickReport.objects.unscoped().filter(uid=uid, created_by=request.user)
    found: QuickReport | None = rows.first() if uid else None
    return found


def _thanks(request: HttpRequest, report: QuickReport) -> HttpResponse:
    return toast(see_other(request, report.get_absolute_url()), f"已上报，编号 {report.number}")


def _show(
    request: HttpRequest, unit: OrgUnit, units: list[OrgUnit], form: Any, status: int = 200
) -> HttpResponse:
    context = {
        "title": "随手报",
        "crumbs": [Crumb("随手报", "/safety/quick/"), Crumb("上报")],
        "form": form,
        "key": (key_of(form.data) or form.initial["uid"]).hex,
        "unit": unit,
        "units": units if len(units) > 1 else [],
        "places": places_of(unit),
    }
    return render(request, "safety/quick_new.html", context, status=status)
