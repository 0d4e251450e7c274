"""Models of the workflow engine, for Django."""

from anlan.engines.workflow.chaining import StallLimit
from anlan.engines.workflow.flowing import Step
from anlan.engines.workflow.starting import open_first_todos

__all__ = ["StallLimit", "Step", "open_first_todos"]
