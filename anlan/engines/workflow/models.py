"""Models of the workflow engine, for Django."""

from anlan.engines.workflow.editions import FlowEdition
from anlan.engines.workflow.flowing import Step
from anlan.engines.workflow.stalling import StallLimit
from anlan.engines.workflow.starting import open_first_todos

__all__ = ["FlowEdition", "StallLimit", "Step", "open_first_todos"]
