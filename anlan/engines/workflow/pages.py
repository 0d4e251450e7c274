"""Pages of workflows: the picture with its table, and the editions a unit makes within limits (X.14)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from anlan.engines.audit.api import Actor, create
from anlan.engines.org.api import OrgUnit, Role, require, scope
from anlan.engines.workflow.declaring import Flow, flows
from anlan.engines.workflow.drawing import draw
from anlan.engines.workflow.editions import (
    ADJUST,
    MOST_DAYS,
    VIEW,
    FlowEdition,
    edition_at,
    next_number,
    roles_of,
    rule,
)
from anlan.kernel.errors import Forbidden, Missing, Rejected
from anlan.shell.navigation import Page, add_page
from anlan.shell.parts import Crumb
from anlan.shell.responses import see_other, toast

URL = "/flows/"

add_page(Page("base", "基础", "业务流程", URL, VIEW, order=195))


def _unit(user: Any, right: str) -> OrgUnit:
    """The highest unit at which the person holds the right."""
    return OrgUnit.objects.get(path=min(require(user, right).paths, key=len))


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every declared workflow."""
    unit = _unit(request.user, VIEW)
    rows = [(flow, edition_at(unit, flow.code)) for flow in flows]
    context = {
        "title": "业务流程",
        "lede": f"共 {len(rows)} 个流程，图和实际办理一致",
        "rows": rows,
        "url": URL,
    }
    return render(request, "workflow/flows.html", context)


def _flow(code: str) -> Flow:
    flow = flows.get(code)
    if flow is None:
        raise Missing
    return flow


@require_safe
def page(request: HttpRequest, code: str) -> HttpResponse:
    """One workflow as it holds for new records at the person's unit."""
    flow, unit = _flow(code), _unit(request.user, VIEW)
    return _show(request, flow, unit)


def _show(request: HttpRequest, flow: Flow, unit: OrgUnit, faults: Any = None) -> HttpResponse:
    edition = edition_at(unit, flow.code)
    titles = dict(Role.objects.values_list("code", "title"))
    context = {
        "title": f"{flow.title}流程",
        "lede": f"{unit} 现行{edition}" if edition else "现行版本：系统默认",
        "crumbs": [Crumb("业务流程", URL), Crumb(flow.title)],
        "flow": flow,
        "picture": draw(flow),
        "rows": [_row(flow, number, name, edition, titles) for number, name in enumerate(flow.moves, 1)],
        "roles": [(role, titles.get(role, role)) for role in roles_of(flow)],
        "adjust": f"{URL}{flow.code}/adjust" if scope(request.user, ADJUST) else "",
        "most": MOST_DAYS,
        "faults": faults or {},
    }
    return render(request, "workflow/flow.html", context, status=422 if faults else 200)


def _row(
    flow: Flow, number: int, name: str, edition: FlowEdition | None, titles: dict[str, str]
) -> dict[str, Any]:
    step = flow.moves[name]
    held = rule(step, edition)
    return {
        "number": number,
        "name": name,
        "title": step.title,
        "sources": [flow.states[state] for state in step.sources],
        "target": flow.states[step.target],
        "by": [(role, titles.get(role, role), role in held.by) for role in step.by],
        "days": held.days,
        "declared": step.within_days,
        "extra": held.extra,
        "extra_title": titles.get(held.extra, ""),
    }


@require_POST
def adjust(request: HttpRequest, code: str) -> HttpResponse:
    """Make a further edition for the own unit and those below; running records keep theirs."""
    flow = _flow(code)
    unit = _unit(request.user, ADJUST)
    try:
        edition = FlowEdition(
            org=unit, flow=flow.code, number=next_number(unit, flow.code), **_said(flow, request.POST)
        )
        create(Actor.of(request), edition)
    except Rejected as refused:
        if not scope(request.user, VIEW):
            raise Forbidden(VIEW) from None
        return _show(request, flow, unit, refused.fields)
    return toast(
        see_other(request, f"{URL}{flow.code}/"), f"已存为第 {edition.number} 版，新办理的事项按新版"
    )


def _said(flow: Flow, sent: QueryDict) -> dict[str, Any]:
    days: dict[str, Any] = {}
    roles, extra = dict[str, list[str]](), dict[str, str]()
    for name, step in flow.moves.items():
        typed = sent.get(f"days-{name}", "").strip()
        if typed:
            days[name] = int(typed) if typed.isdecimal() and len(typed) < 5 else typed
        chosen = sent.getlist(f"by-{name}")
        if f"asked-{name}" in sent and set(chosen) != set(step.by):
            roles[name] = chosen
        if role := sent.get(f"extra-{name}", ""):
            extra[name] = role
    return {
        "days": {k: v for k, v in days.items() if v != flow.moves[k].within_days},
        "roles": roles,
        "extra": extra,
    }
