"""The chart of a unit's safety organisation on any day (S05.1)."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anlan.domains.organisation.bodies import chart
from anlan.engines.org.api import OrgUnit, require
from anlan.kernel import clock
from anlan.kernel.errors import Missing, Rejected
from anlan.shell.parts import Action, Crumb

VIEW = "organisation.bodies.view"
URL = "/organisation/structure/"


@require_safe
def structure(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The chart; ``on`` is the day (ISO), today without it. Missing for a unit outside the scope."""
    found = require(request.user, VIEW)
    unit = OrgUnit.objects.filter(pk=pk or getattr(request.user, "unit_id", 0) or 0).first()
    if unit is None or not found.covers(unit.path):
        raise Missing
    day = _day(request.GET.get("on", ""))
    context = {
        "unit": unit,
        "day": day,
        "lede": f"{unit}，{day:%Y-%m-%d}{'' if day == clock.today() else '（历史架构）'}",
        "nodes": [_node(one) for one in chart(unit, day)],
        "crumbs": [Crumb("安全机构", "/organisation/bodies/"), Crumb("组织架构")],
        "others": [Action("机构台账", f"/organisation/bodies/?org={unit.pk}")],
    }
    return render(request, "organisation/structure.html", context)


def _node(found: dict[str, Any]) -> dict[str, Any]:
    body, seats = found["body"], found["seats"]
    return {
        "title": body.name,
        "url": body.get_absolute_url(),
        "note": body.get_kind_display(),
        "people": [f"{one.get_part_display()} {one.person.name}" for one in seats],
        "parts": [_node(one) for one in found["parts"]],
    }


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said) if said else clock.today()
    except ValueError:
        raise Rejected({"on": "日期不对"}) from None
