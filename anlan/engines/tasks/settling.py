"""What the rules of a plan do to assignments: completing one nobody answered, adding to one already completed."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from anlan.engines.audit.api import SYSTEM, Actor
from anlan.engines.tasks.assignments import OPEN, Assignment, Stage
from anlan.engines.tasks.stepping import must_do, step
from anlan.engines.tasks.traces import Report, place_of, traces
from anlan.kernel import clock
from anlan.kernel.errors import Rejected


def settle(assignment: Assignment, values: dict[str, Any]) -> Report:
    """Complete an open assignment past its deadline in the system's name; Conflict where it is not so (any more)."""
    silent = Q(state__in=OPEN, due_at__lt=clock.now(), archived_at=None)
    report = _report(SYSTEM, assignment, values, late=False)
    written = values | {"state": Stage.COMPLETED, "submitted_at": report.at, "submitted_by": None}
    step(SYSTEM, assignment, "settle", written, expect=silent, why="已经有了结果", trace=report)
    return report


def report_again(actor: Actor, assignment: Assignment, values: dict[str, Any], expect: Q) -> Report:
    """A further report on a completed assignment that meets ``expect``; the former ones stay. Conflict otherwise."""
    must_do(actor, assignment, "report_again")
    if missing := assignment.missing(values):
        raise Rejected(missing)
    late = clock.now() > assignment.due_at
    report = _report(actor, assignment, values, late=late)
    written = {"submitted_at": report.at, "submitted_by": actor.user, "late": late or assignment.late}
    done = Q(state=Stage.COMPLETED) & expect
    with transaction.atomic():
        step(actor, assignment, "report_again", written, expect=done, why="现在不能补报", trace=report)
    return report


def _report(actor: Actor, assignment: Assignment, values: dict[str, Any], late: bool) -> Report:
    moment: datetime = clock.now()
    number = traces(Report, assignment).count() + 1
    place = place_of(assignment)
    return Report(**place, at=moment, by=actor.user, number=number, values=values, late=late)
