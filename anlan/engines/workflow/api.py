"""The workflow engine's door: declaring states and moves, performing moves, history."""

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
    "Move",
    "Moved",
    "State",
    "Step",
    "Workflow",
    "back",
    "doing",
    "done",
    "entitled",
    "flow_of",
    "flows",
    "idle",
    "move",
    "moves_open_to",
    "perform",
    "renew_todos",
    "review",
    "steps_of",
    "todo",
]
