"""Reporting from the phone: the camera-first page, and the same door for reports kept without a network (S02.1)."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from anlan.domains.safety.quick import QuickReport
from anlan.domains.safety.quick_form import form_for, key_of, places_of
from anlan.domains.safety.quick_sending import ADD, SLOTS, send_report, units_of
from anlan.engines.audit.api import Actor
from anlan.engines.files.api import in_json, upload_of
from anlan.engines.forms.api import body_of
from anlan.engines.org.api import OrgUnit
from anlan.engines.registry.api import take
from anlan.kernel.errors import Forbidden, Rejected
from anlan.shell.parts import Crumb
from anlan.shell.responses import see_other, toast


def _unit(request: HttpRequest, said: str) -> tuple[OrgUnit, list[OrgUnit]]:
    """The school reported at: the one named, else the first; Forbidden where the person may report nowhere,
    Rejected for a school not theirs.
    """
    units = units_of(request.user)
    if not units:
        raise Forbidden(ADD)
    if said and request.method == "POST" and said not in {str(unit.pk) for unit in units}:
        raise Rejected({"org": "不能在这所学校上报"})
    return next((unit for unit in units if str(unit.pk) == said), units[0]), units


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


@require_POST
@in_json
def send(request: HttpRequest) -> HttpResponse:
    """A report kept on the phone, in JSON: fields of the form, ``photo`` and ``voice`` as uids of finished uploads.

    201 with its number, 200 when it was stored before; 422 with ``fields``, 403 where one may not report.
    """
    _unit(request, "")
    said = body_of(request.body)
    unit, _ = _unit(request, str(said.get("org") or ""))
    if earlier := _sent_before(request, {"uid": str(said.get("uid", ""))}):
        return _told(earlier, 200)
    uploads = {slot: _uploads(request.user, slot, said.get(slot) or []) for slot in SLOTS}
    data = QueryDict(mutable=True)
    data.update(
        {name: str(value) for name, value in said.items() if name not in SLOTS and value not in (None, False)}
    )
    form = form_for(unit, data)
    if not form.is_valid():
        raise Rejected({name: [str(text) for text in texts] for name, texts in form.errors.items()})
    actor = Actor.of(request, "phone")
    report, new_ = send_report(actor, form.report(unit), uploads)  # type: ignore[attr-defined]
    return _told(report, 201 if new_ else 200)


def _told(report: QuickReport, status: int) -> JsonResponse:
    said = {"uid": str(report.uid), "number": report.number, "url": report.get_absolute_url()}
    return JsonResponse(said, status=status)


def _uploads(user: Any, slot: str, said: Any) -> list[UUID]:
    if not isinstance(said, list):
        raise Rejected({slot: "应是文件编号的列表"})
    try:
        return [upload_of(user, UUID(str(uid))).uid for uid in said]
    except ValueError:
        raise Rejected({slot: "文件编号不对"}) from None
