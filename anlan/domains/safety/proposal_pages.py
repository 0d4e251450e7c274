"""Proposals of what to inspect next: reasons shown, each choice recorded; nothing is planned by itself (X.25)."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from anlan.base.proposal_choices import ProposalChoice, decided_since
from anlan.base.proposing import Proposal, proposals
from anlan.base.schools import School
from anlan.engines.audit.api import Actor, create
from anlan.engines.org.api import declare_permission, require
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Missing, Rejected
from anlan.shell.navigation import Page, add_page
from anlan.shell.responses import see_other, toast

DECIDE = declare_permission(
    "safety.proposals.decide", "检查建议：查看和处理", ("bureau_safety", "team_admin")
).code
URL, SHOWN, QUIET_DAYS = "/safety/proposals/", 50, 14

add_page(Page("safety", "日常", "检查建议", URL, DECIDE, order=8))


def _schools(user: Any) -> list[School]:
    found = require(user, DECIDE)
    rows = School.objects.unscoped().filter(found.condition(), archived_at=None, closed_on=None)
    return list(rows.select_related("org"))


def _choices(found: list[Proposal]) -> dict[int, ProposalChoice]:
    units = [one.school.org_id for one in found]
    recent = decided_since(units, QUIET_DAYS).select_related("created_by")
    return {choice.org_id: choice for choice in reversed(list(recent))}


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The schools most in need of a visit, with reasons, matters to look at and rhythm."""
    everything = proposals(_schools(request.user))
    found = everything[:SHOWN]
    choices = _choices(found)
    rows = [(one, choices.get(one.school.org_id)) for one in found]
    open_ = sum(choice is None for _, choice in rows)
    lede = f"建议检查 {len(everything)} 所学校，列出最前的 {len(found)} 所，{open_} 所还没有处理"
    return render(
        request, "safety/proposals.html", {"title": "检查建议", "lede": lede, "rows": rows, "url": URL}
    )


@require_POST
def decide(request: HttpRequest, pk: int, verdict: str) -> HttpResponse:
    """Write the choice down; accepting opens the form of a plan, filled in and not yet saved."""
    school = next((one for one in _schools(request.user) if one.pk == pk), None)
    one = next(iter(proposals([school])), None) if school else None
    if one is None or verdict not in ("accept", "reject"):
        raise Missing
    if _choices([one]):
        raise Conflict("这条建议已经处理过，两周内不再处理")
    note, accepted = request.POST.get("note", "").strip()[:200], verdict == "accept"
    if not accepted and not note:
        raise Rejected({"note": "不采纳要写明理由"})
    choice = ProposalChoice(
        org=one.school.org, accepted=accepted, score=one.score, reasons=list(one.reasons), note=note
    )
    create(Actor.of(request), choice)
    if not accepted:
        return toast(see_other(request, URL), "已记下不采纳")
    return see_other(request, _plan_of(one))


def _plan_of(one: Proposal) -> str:
    """The form of a plan for this school, filled in."""
    today, (words, days) = clock.today(), one.rhythm
    said: dict[str, Any] = {
        "title": f"{one.school.org}{one.focus[0] if one.focus else ''}巡查（{words}）"[:60],
        "schools": one.school.org_id,
        "starts_on": today,
        "repeat": "interval",
        "interval_days": days,
        "deadline_days": 7,
    }
    return f"/safety/inspection-plans/new?{urlencode(said)}"
