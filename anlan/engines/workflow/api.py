"""The workflow engine's door: declaring states and moves, performing moves, history."""

from anlan.engines.workflow.approving import may_approve
from anlan.engines.workflow.chaining import Link, chain, link_of, links
from anlan.engines.workflow.declaring import (
    Flow,
    Move,
    State,
    Workflow,
    back,
    doing,
    done,
    flow_of,
    flows,
    idle,
    move,
    review,
    todo,
)
from anlan.engines.workflow.drawing import Picture, draw
from anlan.engines.workflow.editions import FlowEdition, edition_at, next_number, roles_of, rule
from anlan.engines.workflow.flowing import FlowRecord, Step, steps_of
from anlan.engines.workflow.performing import Moved, approve, entitled, moves_open_to, perform, renew_todos
from anlan.engines.workflow.stalling import StallLimit, stall_days

__all__ = [
    "Flow",
    "FlowEdition",
    "FlowRecord",
    "Link",
    "Move",
    "Moved",
    "Picture",
    "StallLimit",
    "State",
    "Step",
    "Workflow",
    "approve",
    "back",
    "chain",
    "doing",
    "done",
    "draw",
    "edition_at",
    "entitled",
    "flow_of",
    "flows",
    "idle",
    "link_of",
    "links",
    "may_approve",
    "move",
    "moves_open_to",
    "next_number",
    "perform",
    "renew_todos",
    "review",
    "roles_of",
    "rule",
    "stall_days",
    "steps_of",
    "todo",
]
