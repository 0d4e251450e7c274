"""Schools with unfinished rectification and what is unfinished at each, overall or of this month (SAF.45)."""

from datetime import datetime, time
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anlan.domains.safety.hazard_lists import Rectifications
from anlan.domains.safety.hazards import Hazard
from anlan.engines.org.api import OrgUnit, require
from anlan.engines.registry.api import ledgers, rows
from anlan.kernel import clock
from anlan.kernel.errors import Missing
from anlan.shell.navigation import Page, add_page
from anlan.shell.parts import Crumb, View

VIEW, URL, MOST = "safety.rectifications.view", "/safety/unfinished/", 1000

add_page(Page("safety", "闭环", "未完成整改学校", URL, VIEW, order=125))


def _unfinished(user: Any, month: bool) -> Any:
    """Confirmed and not yet rectified hazards the person may see; of this month means found since its first day."""
    first = datetime.combine(clock.today().replace(day=1), time(), clock.zone())
    found = rows(ledgers[Rectifications.code], user).exclude(state="rectified")
    return found.filter(**{"found_at__gte": first} if month else {}).order_by("org__path", "soonest", "pk")


def _views(url: str, month: bool) -> list[View]:
    return [View("全部", url, None, not month), View("当月", f"{url}?month=1", None, month)]


@require_safe
def schools(request: HttpRequest) -> HttpResponse:
    """Every school in scope that has something unfinished."""
    require(request.user, VIEW)
    month = bool(request.GET.get("month"))
    hazards = list(_unfinished(request.user, month)[:MOST])
    groups = [(unit, list(found)) for unit, found in groupby(hazards, key=lambda hazard: hazard.org)]
    late = sum(hazard.overdue for hazard in hazards)
    context = {
        "title": "未完成整改学校",
        "lede": f"{len(groups)} 所学校有 {len(hazards)} 条未完成整改，其中 {late} 条逾期",
        "views": _views(URL, month),
        "groups": groups,
        "url": URL,
        "month": month,
    }
    return render(request, "safety/unfinished.html", context)


@require_safe
def school(request: HttpRequest, pk: int) -> HttpResponse:
    """One school's; Missing for a unit outside what the person may see."""
    found = require(request.user, VIEW)
    unit = OrgUnit.objects.filter(pk=pk).first()
    if unit is None or not found.covers(unit.path):
        raise Missing
    month = bool(request.GET.get("month"))
    hazards: list[Hazard] = list(
        _unfinished(request.user, month).filter(org__path__startswith=unit.path)[:MOST]
    )
    context = {
        "title": f"{unit}：未完成整改",
        "lede": f"{len(hazards)} 条未完成" if hazards else "都已完成",
        "crumbs": [Crumb("未完成整改学校", URL), Crumb(str(unit))],
        "views": _views(f"{URL}{pk}/", month),
        "groups": [(unit, hazards)] if hazards else [],
        "url": URL,
        "month": month,
    }
    return render(request, "safety/unfinished.html", context)
