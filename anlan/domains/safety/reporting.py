"""Verbs of safety reports: open rounds, report, settle silence, switch emergency handling on (D07.1, D07.2, D11.11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from anlan.domains.safety.reports import COMMAND, DUTY, ISSUE, ReportItem, ReportPlan, SafetyReport
from anlan.engines.audit.api import SYSTEM, Actor, change
from anlan.engines.files.api import attach
from anlan.engines.messaging.api import declare_event, holders, nearest_holders, send
from anlan.engines.org.api import require
from anlan.engines.tasks.api import (
    Job,
    Stage,
    accept,
    activate,
    background,
    close_todos,
    declare_periodic,
    open_todo,
    report_again,
    settle,
    start,
    submit,
)
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Forbidden, Rejected

Verdict = SafetyReport.Verdict
PHOTOS, DECIDE = "photos", "safety.report.emergency"
# A report of nothing may be followed by one of an incident in the same round.
QUIET = Q(verdict__in=(Verdict.SAFE, Verdict.DEFAULT))
WAYS = "sms wechat"
declare_event("safety.incident", "incident", "{unit}报告突发事件", "{items}：{text}", channels=WAYS)
declare_event(
    "safety.incident.urgent",
    "incident",
    "{unit}请求启动应急处置",
    "{items}：{text}",
    channels=WAYS,
    urgent=True,
)
declare_event(
    "safety.emergency",
    "incident",
    "应急处置已启动：{unit}",
    "{by}决定启动应急处置，请按预案行动。",
    channels=WAYS,
    urgent=True,
)


@dataclass(frozen=True)
class IncidentReported:
    """Event: a school reported an incident; ``report.emergency`` says whether it asked for emergency handling."""

    actor: Actor
    report: SafetyReport


@dataclass(frozen=True)
class EmergencyStarted:
    """Event: emergency handling of a reported incident was switched on."""

    actor: Actor
    report: SafetyReport


def choose(actor: Actor, plan: ReportPlan, said: dict[str, Any]) -> ReportPlan:
    """Fix which schools the rounds ask. Rejected for units outside the scope."""
    found = require(actor.user, ISSUE)
    named, towns = list(said.get("named") or ()), list(said.get("towns") or ())
    if not found.covers(plan.org.path) or not all(found.covers(unit.path) for unit in (*named, *towns)):
        raise Rejected({"named": "含有不在您管理范围内的单位"})
    chosen = {
        "whole": bool(said.get("whole")),
        "kinds": list(said.get("kinds") or ()),
        "towns": [unit.pk for unit in towns],
        "named": [unit.pk for unit in named],
    }
    return change(actor, plan, {"audience_said": chosen, "named": named}, action="choose")


def open_rounds(actor: Actor, plan: ReportPlan) -> ReportPlan:
    """Put a draft into force; the rounds due so far are made."""
    if not require(actor.user, ISSUE).covers(plan.org.path):
        raise Forbidden(ISSUE)
    if plan.state != ReportPlan.State.DRAFT:
        raise Conflict("已经下发")
    activate(actor, plan)
    return plan


def report_safe(actor: Actor, report: SafetyReport) -> SafetyReport:
    """平安: one act does it all."""
    return _hand_in(actor, report, {"verdict": Verdict.SAFE})


@transaction.atomic
def report_incident(
    actor: Actor,
    report: SafetyReport,
    items: Sequence[ReportItem],
    text: str,
    *,
    emergency: bool = False,
    photos: Sequence[Any] = (),
) -> SafetyReport:
    """An incident instead: its kinds, what happened, and whether emergency handling is asked for."""
    said: dict[str, Any] = {
        "verdict": Verdict.INCIDENT,
        "items": [str(item) for item in items],
        "text": text.strip(),
    }
    said["emergency"] = emergency
    _hand_in(actor, report, said)
    values = {"items": list(items), "text": text.strip(), "emergency": emergency}
    change(actor, report, values, action="incident")
    for photo in photos:
        attach(actor, report, photo, PHOTOS)
    _alert(report)
    events.publish(IncidentReported(actor, report))
    return report


@transaction.atomic
def _hand_in(actor: Actor, report: SafetyReport, said: dict[str, Any]) -> SafetyReport:
    if report.state == Stage.COMPLETED:
        if said["verdict"] != Verdict.INCIDENT:
            raise Conflict("这一轮已经报过")
        report_again(actor, report, said, QUIET)
    else:
        if report.state == Stage.PENDING and report.accepted_at is None:
            accept(actor, report)
        if report.state == Stage.PENDING:
            start(actor, report)
        submit(actor, report, said)
    return change(actor, report, {"verdict": said["verdict"]}, action="report")


def _alert(report: SafetyReport) -> None:
    words = {
        "unit": report.org.name,
        "items": "、".join(str(item) for item in report.items.all()),
        "text": report.text,
    }
    people = nearest_holders(report.org, COMMAND)
    event = "safety.incident.urgent" if report.emergency else "safety.incident"
    send(event, people, report, key=f"{event}:{report.pk}", context=words)
    if report.emergency:
        title = f"是否启动应急处置：{report.org.name}"
        url = report.get_absolute_url()
        open_todo(report, DECIDE, title, url, verb="研判", permission=COMMAND)


@transaction.atomic
def start_emergency(actor: Actor, report: SafetyReport) -> SafetyReport:
    """Switch emergency handling on, once; the school and the bureau are told."""
    if not require(actor.user, COMMAND).covers(report.org.path):
        raise Forbidden(COMMAND)
    values = {"emergency_at": clock.now(), "emergency_by": actor.user}
    waiting = Q(verdict=Verdict.INCIDENT, emergency_at=None)
    change(actor, report, values, action="emergency", expect=waiting)
    close_todos(report, actor.user, (DECIDE,))
    people = [*holders(report.org, permission=DUTY, at_unit=True), *nearest_holders(report.org, COMMAND)]
    context = {"unit": report.org.name, "by": actor.name}
    send("safety.emergency", people, report, key=f"emergency:{report.pk}", context=context)
    events.publish(EmergencyStarted(actor, report))
    return report


def settle_silent() -> int:
    """Give every silent school past its deadline what silence means there; returns how many. Safe to run twice."""
    silent = SafetyReport.objects.unscoped().filter(
        verdict=Verdict.WAITING, due_at__lt=clock.now(), archived_at=None
    )
    silent = silent.filter(state__in=(Stage.PENDING, Stage.DOING)).select_related("round__plan", "org")
    return sum(_settle(report) for report in list(silent))


def _settle(report: SafetyReport) -> bool:
    try:
        if report.plan.silence == Verdict.DEFAULT:
            settle(report, {"verdict": Verdict.DEFAULT})
        else:
            still = Q(verdict=Verdict.WAITING)
            change(SYSTEM, report, {"verdict": Verdict.MISSING}, action="missing", expect=still)
    except Conflict:
        return False
    return True


@background("结算安全报告")
def settle_reports(job: Job) -> dict[str, Any]:
    """Settle what nobody answered."""
    return {"settled": settle_silent()}


declare_periodic("safety.reports", "* * * * *", settle_reports)
