"""What an edition adds to the declared moves: fewer roles, and an approval before the move (X.14)."""

from typing import Any

from anlan.engines.messaging.api import holders
from anlan.engines.org.api import Grant
from anlan.engines.tasks.api import open_todo
from anlan.engines.workflow.declaring import Move
from anlan.engines.workflow.editions import rule
from anlan.engines.workflow.flowing import FlowRecord, Step, steps_of

APPROVED = "approved."


def _holds(user: Any, record: FlowRecord, roles: tuple[str, ...]) -> bool:
    grants = Grant.in_force().filter(user=user, role__code__in=roles, unit__closed_on=None)
    return bool(grants.filter(unit__code__in=record.org.ancestor_codes()).exists())


def in_role(user: Any, record: FlowRecord, step: Move) -> bool:
    """Whether the record's edition leaves the move to a role of this person; asked only where it narrows them."""
    if record.flow_edition_id is None:
        return True
    wanted = rule(step, record.flow_edition).by
    return set(wanted) == set(step.by) or _holds(user, record, wanted)


def approval_kind(record: FlowRecord) -> str:
    """The kind of to-do of those who approve."""
    return f"{record.flow.code}.approval"


def approval_lacking(record: FlowRecord, step: Move) -> str:
    """The role whose approval the move still needs in the present state, or nothing."""
    role = rule(step, record.flow_edition).extra if record.flow_edition_id is not None else ""
    if not role:
        return ""
    steps = list(steps_of(record).filter(target=record.state).order_by("-pk").values_list("move", flat=True))
    since = next((place for place, move in enumerate(steps) if not move.startswith(APPROVED)), len(steps))
    return "" if f"{APPROVED}{step.name}" in steps[:since] else role


def may_approve(user: Any, record: FlowRecord, step: Move) -> bool:
    """Whether the move waits for this person's approval."""
    role = (
        approval_lacking(record, step) if record.state in step.sources and record.archived_at is None else ""
    )
    return bool(role) and _holds(user, record, (role,))


def ask_approvals(record: FlowRecord) -> None:
    """Put the approvals of the present state on the desks of those who give them."""
    for step in record.flow.moves_from(record.state):
        role = approval_lacking(record, step)
        for person in holders(record.org, role=role) if role else ():
            url = record.get_absolute_url()  # type: ignore[attr-defined]
            open_todo(
                record,
                approval_kind(record),
                str(record),
                url,
                verb="审批",
                user=person,
                due_at=record.due_at,
            )


def write_approval(actor: Any, record: FlowRecord, step: Move, opinion: str) -> Step:
    """The approval as a step of the record, which stays in its state."""
    return Step.objects.create(
        model=record._meta.label_lower,
        object_id=record.pk,
        move=f"{APPROVED}{step.name}",
        title=f"同意{step.title}"[:60],
        source=record.state,
        target=record.state,
        user=actor.user,
        actor=actor.name,
        channel=actor.channel,
        due_at=record.due_at,
        values={"opinion": opinion} if opinion else {},
    )
