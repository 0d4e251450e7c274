"""The verbs of an assignment. Each is one conditional update with its audit entry, to-dos and event.

An illegal jump and a lost race raise Conflict and are audited as refused; a person who is not in charge gets
Forbidden, audited likewise.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.db.models import Q

from anlan.engines.audit.api import Actor, change, log
from anlan.engines.org.api import may
from anlan.engines.tasks.assignments import OPEN, Assignment, Stage
from anlan.engines.tasks.todos import close_todos, open_todo
from anlan.engines.tasks.traces import Report, place_of
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Forbidden, Rejected

A = TypeVar("A", bound=Assignment)
NEXT_VERB = {Stage.PENDING: "接收", Stage.DOING: "提交"}


@dataclass(frozen=True)
class Stepped:
    """Event: a step was made; ``verb`` is accept, start, submit, return, transfer, extend or cancel."""

    actor: Actor
    assignment: Assignment
    verb: str


def duty_kind(assignment: Assignment) -> str:
    """Kind of the to-do an open assignment puts on desks."""
    return f"{assignment._meta.label_lower}.do"


def show_on_desks(assignment: Assignment, by: Any = None) -> None:
    """Put the assignment on the desks of those in charge now, and take it off all others."""
    close_todos(assignment, by, (duty_kind(assignment),))
    if not assignment.open:
        return
    signed = assignment.state == Stage.PENDING and assignment.accepted_at is not None
    verb = (
        "转办"
        if not (assignment.assignee_id or assignment.DUTY)
        else assignment.VERB or ("开始" if signed else NEXT_VERB[Stage(assignment.state)])
    )
    open_todo(
        assignment,
        duty_kind(assignment),
        str(assignment),
        assignment.get_absolute_url(),  # type: ignore[attr-defined]
        verb=verb,
        due_at=assignment.due_at,
        **assignment.desk(),
    )


def refuse(actor: Actor, assignment: Assignment, verb: str, why: str) -> Conflict:
    """Audit a step that cannot be made; returns the refusal to raise."""
    log(actor, f"refused:{verb}", assignment, succeeded=False, reason=why)
    return Conflict(why)


def must_do(actor: Actor, assignment: Assignment, verb: str) -> None:
    """Forbidden, audited, unless the actor is in charge of the assignment."""
    if actor.user is not None and not assignment.done_by(actor.user):
        log(actor, f"refused:{verb}", assignment, succeeded=False)
        raise Forbidden(assignment.DUTY, "这项任务不由您负责")


def must_issue_plan(actor: Actor, plan: Any, verb: str) -> None:
    """Forbidden, audited, unless the actor holds the plan's ``ISSUE`` right over its unit."""
    if actor.user is not None and not plan.issued_by(actor.user):
        log(actor, f"refused:{verb}", plan, succeeded=False)
        raise Forbidden(plan.ISSUE)


def must_issue(actor: Actor, assignment: Assignment, verb: str) -> None:
    """Forbidden, audited, unless the actor answers for the plan."""
    if actor.user is not None and not assignment.issued_by(actor.user):
        log(actor, f"refused:{verb}", assignment, succeeded=False)
        raise Forbidden(assignment.plan.ISSUE)


def step(
    actor: Actor,
    assignment: A,
    verb: str,
    values: dict[str, Any],
    *,
    expect: Q,
    why: str,
    trace: models.Model | None = None,
) -> A:
    """Write ``values`` if the row meets ``expect`` at this moment, and store ``trace`` with them."""
    try:
        with transaction.atomic():
            change(actor, assignment, values, action=f"task:{verb}", expect=expect)
            if trace is not None:
                trace.save(force_insert=True)
            show_on_desks(assignment, actor.user)
            events.publish(Stepped(actor, assignment, verb))
    except (Conflict, IntegrityError) as lost:
        stands = type(assignment).unguarded.filter(expect, pk=assignment.pk).exists()
        raise refuse(actor, assignment, verb, str(lost) if stands and str(lost) else why) from None
    return assignment


def accept(actor: Actor, assignment: A) -> A:
    """Sign for the task."""
    must_do(actor, assignment, "accept")
    values = {"accepted_at": clock.now(), "accepted_by": actor.user}
    waiting = Q(state=Stage.PENDING, accepted_at=None)
    return step(actor, assignment, "accept", values, expect=waiting, why="任务已经接收过，或已不在待完成")


def start(actor: Actor, assignment: A) -> A:
    """Begin an accepted task."""
    must_do(actor, assignment, "start")
    values = {"state": Stage.DOING, "started_at": clock.now()}
    accepted = Q(state=Stage.PENDING, accepted_at__isnull=False)
    return step(actor, assignment, "start", values, expect=accepted, why="只有接收过的待完成任务才能开始")


def submit(actor: Actor, assignment: Assignment, values: dict[str, Any] | None = None) -> Report:
    """Hand the task in; ``values`` are what is reported. Rejected while something required is missing."""
    must_do(actor, assignment, "submit")
    if assignment.SUBMIT and actor.user is not None and not may(actor.user, assignment.SUBMIT):
        log(actor, "refused:submit", assignment, succeeded=False)
        raise Forbidden(assignment.SUBMIT)
    said, now = values or {}, clock.now()
    if assignment.state == Stage.DOING and (missing := assignment.missing(said)):
        raise Rejected(missing)
    late = now > assignment.due_at
    written = {
        "state": Stage.COMPLETED,
        "submitted_at": now,
        "submitted_by": actor.user,
        "late": late or assignment.late,
    }
    number = Report.objects.filter(**place_of(assignment)).count() + 1
    report = Report(**place_of(assignment), at=now, by=actor.user, number=number, values=said, late=late)
    doing, why = Q(state=Stage.DOING), "任务不在执行中，不能提交"
    step(actor, assignment, "submit", written, expect=doing, why=why, trace=report)
    return report


def return_(actor: Actor, assignment: A, reason: str, due_at: datetime | None = None) -> A:
    """Send a completed task back to 执行中 with a reason, and a new deadline if one is given."""
    must_issue(actor, assignment, "return")
    if not reason.strip():
        raise Rejected({"reason": "请写明退回原因"})
    values = {
        "state": Stage.DOING,
        "returns": assignment.returns + 1,
        "return_reason": reason.strip(),
        "due_at": due_at or assignment.due_at,
        "late": assignment.late and due_at is None,
    }
    done = Q(state=Stage.COMPLETED)
    return step(actor, assignment, "return", values, expect=done, why="只有已完成的任务才能退回")


def cancel_assignment(actor: Actor, assignment: A, reason: str = "") -> A:
    """Take an open task back; it leaves every desk and every statistic."""
    must_issue(actor, assignment, "cancel")
    values = {"state": Stage.CANCELLED, "return_reason": reason}
    return step(actor, assignment, "cancel", values, expect=Q(state__in=OPEN), why="任务已经结束，不能取消")
