"""Performing a move: right, state, guard, needs, then one conditional update with its audit entry and
step.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from anlan.engines.audit.api import Actor, change, log, snapshot
from anlan.engines.org.api import scope
from anlan.engines.tasks.api import close_todos, due_in, open_todo
from anlan.engines.workflow.approving import (
    approval_kind,
    approval_lacking,
    ask_approvals,
    in_role,
    may_approve,
    write_approval,
)
from anlan.engines.workflow.declaring import Move
from anlan.engines.workflow.editions import rule
from anlan.engines.workflow.flowing import FlowRecord, Step
from anlan.kernel import clock, events
from anlan.kernel.errors import Conflict, Forbidden, Rejected


@dataclass(frozen=True)
class Moved:
    """Event: a record made a move; same transaction."""

    actor: Actor
    record: FlowRecord
    move: Move
    source: str
    values: dict[str, Any]


def entitled(user: Any, record: FlowRecord, step: Move) -> bool:
    """Whether the person holds the move's right over this record's unit, or holds it anywhere and the
    record entrusts them (or owns the record, with the ``.own`` right).
    """
    if not in_role(user, record, step):
        return False
    found = scope(user, step.permission)
    if found.covers(record.org.path) or (found and record.entrusts(user)):
        return True
    owner = type(record).OWNER
    owns = bool(owner) and getattr(record, f"{owner}_id") == user.pk
    return owns and any(record.org.path.startswith(path) for path in found.own_paths)


def moves_open_to(user: Any, record: FlowRecord) -> list[Move]:
    """Moves this person may take now: what the next-action box offers."""
    return [
        step
        for step in record.flow.moves_from(record.state)
        if entitled(user, record, step)
        and not (step.guard and step.guard(record, user))
        and not approval_lacking(record, step)
    ]


def _check(
    actor: Actor, record: FlowRecord, step: Move, values: dict[str, Any], files: dict[str, int]
) -> None:
    if actor.user is not None and not entitled(actor.user, record, step):
        log(actor, f"refused:{step.name}", record, succeeded=False)
        raise Forbidden(step.permission)
    if record.state not in step.sources:
        raise Conflict(f"当前状态是“{record.state_shown.title}”，不能{step.title}")
    if actor.user is not None and approval_lacking(record, step):
        raise Conflict(f"{step.title}前还要经过一道审批")
    if step.guard and actor.user is not None and (why := step.guard(record, actor.user)):
        raise Conflict(why)
    missing = {
        name: "请填写"
        for name in step.needs
        if not (files.get(name) if name in record.flow.files else values.get(name))
    }
    if missing:
        raise Rejected(missing)
    if unknown := set(values) - set(step.needs) - set(step.takes):
        raise Rejected(dict.fromkeys(sorted(unknown), "这一步不能改这一项"))


def perform(
    actor: Actor,
    record: FlowRecord,
    name: str,
    values: dict[str, Any] | None = None,
    *,
    files: dict[str, int] | None = None,
    version: int | None = None,
    also: dict[str, Any] | None = None,
) -> FlowRecord:
    """Make the move ``name``; ``files`` counts attachments per slot already stored with the record.

    ``also`` are values the system writes with the move, which no person may send.

    Raises Forbidden (no right), Conflict (state, guard, or somebody was first), Rejected (needs missing or
    invalid).
    """
    step, values = record.flow.moves[name], values or {}
    _check(actor, record, step, values, files or {})
    source, signed = record.state, record.signing(actor)
    days = rule(step, record.flow_edition).days
    due = due_in(days) if days is not None else values.get("due_at", record.due_at)
    final = step.target in record.flow.final
    written = values | (also or {}) | dict(step.sets)
    written |= {"state": step.target, "due_at": None if final else due}
    if step.effect:
        written |= step.effect(record, actor)
    if step.archives:
        written["archived_at"] = clock.now()
    with transaction.atomic():
        change(signed, record, written, action=f"move:{name}", expect=Q(state=source), version=version)
        said = snapshot(record, values) | dict(files or {})
        Step.objects.create(
            model=record._meta.label_lower,
            object_id=record.pk,
            move=name,
            title=step.title,
            source=source,
            target=step.target,
            user=signed.user,
            actor=signed.name,
            channel=signed.channel,
            due_at=record.due_at,
            values=said,
        )
        renew_todos(record, actor.user)
        events.publish(Moved(actor, record, step, source, values))
    return record


@transaction.atomic
def approve(actor: Actor, record: FlowRecord, name: str, opinion: str = "") -> Step:
    """Give the approval an edition asks for before the move ``name``.

    Forbidden for whoever does not hold its role, Conflict where none is awaited now.
    """
    step = record.flow.moves[name]
    if record.state not in step.sources or not approval_lacking(record, step):
        raise Conflict("这一步现在不需要审批")
    if not may_approve(actor.user, record, step):
        log(actor, f"refused:approve:{name}", record, succeeded=False)
        raise Forbidden(step.permission)
    made = write_approval(actor, record, step, opinion)
    log(actor, f"approve:{name}", record, reason=opinion)
    renew_todos(record, actor.user)
    return made


def renew_todos(record: FlowRecord, by: Any = None) -> None:
    """Take the record off the desks of the last state and put it on those of the present one."""
    kinds = tuple(f"{record.flow.code}.{name}" for name in record.flow.moves)
    close_todos(record, by, (*kinds, approval_kind(record)))
    put_on_desks(record)


def put_on_desks(record: FlowRecord) -> None:
    """Put a record that lies on no desk on those of its state."""
    ask_approvals(record)
    duties = {
        step.by: step
        for step in reversed(record.flow.moves_from(record.state))
        if step.duty and not approval_lacking(record, step)
    }
    for step in duties.values():
        for person in step.desk(record) if step.desk else (None,):
            open_todo(
                record,
                step.permission,
                str(record),
                record.get_absolute_url(),  # type: ignore[attr-defined]
                verb=record.flow.states[record.state].work or step.title,
                user=person,
                permission="" if person else step.permission,
                due_at=record.due_at,
            )
