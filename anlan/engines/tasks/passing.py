"""Passing a task on, asking for more time, and urging (S01.4)."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from anlan.engines.audit.api import Actor, log
from anlan.engines.messaging.api import Urge, declare_event, send, urge
from anlan.engines.tasks.assignments import OPEN, Assignment, Stage
from anlan.engines.tasks.stepping import A, must_do, must_issue, refuse, step
from anlan.engines.tasks.todos import close_todos, open_todo
from anlan.engines.tasks.traces import Extension, Transfer, place_of, traces
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Rejected

declare_event("tasks.passed_on", "task", "{by}把任务转给您：{record}", "{reason}", channels="wechat")
declare_event("tasks.circle", "task", "任务循环转办：{record}", "{names}之间来回转办，请关注。")
declare_event("tasks.extension_asked", "approval", "申请延期：{record}", "{by}申请延至 {until}：{reason}")
declare_event("tasks.extension_decided", "approval", "延期申请{result}：{record}", "{opinion}")


def transfer(actor: Actor, assignment: A, target: Any, reason: str) -> A:
    """Pass the duty on; the new person has to accept again.

    Rejected without a reason or for somebody who has left; a circle is marked and the issuer told.
    """
    if actor.user is None or not assignment.issued_by(actor.user):
        must_do(actor, assignment, "transfer")
    return pass_on(actor, assignment, target, reason)


def pass_on(actor: Actor, assignment: A, target: Any, reason: str) -> A:
    """The same for whoever may decide over the person's duties, such as who fills the posts of the unit."""
    _check_transfer(assignment, target, reason)
    past = traces(Transfer, assignment)
    circle = past.filter(Q(source=target) | Q(target=target)).exists()
    note = Transfer(
        **place_of(assignment),
        by=actor.user,
        source=assignment.assignee or actor.user,
        target=target,
        reason=reason.strip(),
        circle=circle,
    )
    values = {"assignee": target, "state": Stage.PENDING, "accepted_at": None, "accepted_by": None}
    why = "任务已经结束，或这个人已有同一项任务"
    step(actor, assignment, "transfer", values, expect=Q(state__in=OPEN), why=why, trace=note)
    context = {"by": actor.name, "reason": reason.strip()}
    send("tasks.passed_on", [target], assignment, key=f"transfer:{note.pk}", context=context)
    if circle:
        names = "、".join(dict.fromkeys(str(row.target) for row in past))
        send(
            "tasks.circle",
            assignment.issuers(),
            assignment,
            key=f"circle:{note.pk}",
            context={"names": names},
        )
    return assignment


def _check_transfer(assignment: Assignment, target: Any, reason: str) -> None:
    faults = {}
    if not reason.strip():
        faults["reason"] = "请写明转办原因"
    if not assignment.suits(target):
        faults["target"] = "这个人不能承担这项任务，或账号已停用"
    elif target.pk == assignment.assignee_id:
        faults["target"] = "任务已经由这个人负责"
    if faults:
        raise Rejected(faults)


def request_extension(actor: Actor, assignment: Assignment, until: datetime, reason: str) -> Extension:
    """Ask for a later deadline; nothing moves until the issuer approves."""
    must_do(actor, assignment, "extend")
    faults = {}
    if until <= max(assignment.due_at, clock.now()):
        faults["until"] = "要晚于现在的期限"
    if not reason.strip():
        faults["reason"] = "请写明延期原因"
    if faults:
        raise Rejected(faults)
    if not assignment.open:
        raise refuse(actor, assignment, "extend", "任务已经结束，不能延期")
    try:
        with transaction.atomic():
            asked = Extension.objects.create(
                **place_of(assignment), by=actor.user, until=until, reason=reason.strip()
            )
            log(actor, "task:extend_asked", assignment, after={"until": until}, reason=asked.reason)
            _tell_issuers(actor, assignment, asked)
    except IntegrityError:
        raise Conflict("已有一份延期申请在等审批") from None
    return asked


def _tell_issuers(actor: Actor, assignment: Assignment, asked: Extension) -> None:
    open_todo(
        assignment,
        f"{assignment._meta.label_lower}.extension",
        f"延期申请：{assignment}",
        assignment.get_absolute_url(),  # type: ignore[attr-defined]
        verb="审批",
        permission=assignment.plan.ISSUE,
        org=assignment.plan.org,
    )
    until = asked.until.astimezone(clock.zone()).strftime("%m-%d %H:%M")
    context = {"by": actor.name, "until": until, "reason": asked.reason}
    key = f"extension:{asked.pk}"
    send("tasks.extension_asked", assignment.issuers(), assignment, key=key, context=context)


def decide_extension(actor: Actor, assignment: A, asked: Extension, approve: bool, opinion: str = "") -> A:
    """Approve or refuse; only approval moves the deadline. Conflict when it was decided already."""
    must_issue(actor, assignment, "extend")
    state = Extension.State.APPROVED if approve else Extension.State.REFUSED
    with transaction.atomic():
        waiting = Extension.objects.filter(**place_of(assignment), pk=asked.pk, state=Extension.State.ASKED)
        decided = {"decided_at": clock.now(), "decided_by": actor.user, "opinion": opinion}
        if not waiting.update(state=state, **decided):
            raise Conflict("这份申请已经审批过")
        close_todos(assignment, actor.user, (f"{assignment._meta.label_lower}.extension",))
        if approve:
            values = {"due_at": asked.until}
            why = "任务已经结束，不能延期"
            step(actor, assignment, "extend", values, expect=Q(state__in=OPEN), why=why)
        else:
            log(actor, "task:extend_refused", assignment, reason=opinion)
        context = {"result": "已同意" if approve else "未同意", "opinion": opinion}
        people = [asked.by] if asked.by else assignment.doers()
        send("tasks.extension_decided", people, assignment, key=f"decided:{asked.pk}", context=context)
    return assignment


def urge_assignment(actor: Actor, assignment: Assignment, note: str = "") -> Urge:
    """Remind those in charge; limited and recorded. Conflict for a task that has ended."""
    must_issue(actor, assignment, "urge")
    if not assignment.open:
        raise refuse(actor, assignment, "urge", "任务已经结束，不用催办")
    return urge(actor, assignment, assignment.doers(), note=note)
