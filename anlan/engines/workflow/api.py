"""The workflow engine's door: declaring states and moves, performing moves, history."""

from anlan.engines.workflow.chaining import Link, StallLimit, chain, link_of, links, stall_days
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
from anlan.engines.workflow.flowing import FlowRecord, Step, steps_of
from anlan.engines.workflow.performing import Moved, entitled, moves_open_to, perform, renew_todos

__all__ = [
    "Flow",
    "FlowRecord",
    "Link",
    "Move",
    "Moved",
    "StallLimit",
    "State",
    "Step",
    "Workflow",
    "back",
    "chain",
    "doing",
    "done",
    "entitled",
    "flow_of",
    "flows",
    "idle",
    "link_of",
    "links",
    "move",
    "moves_open_to",
    "perform",
    "renew_todos",
    "review",
    "stall_days",
    "steps_of",
    "todo",
]
