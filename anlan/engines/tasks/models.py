"""Models of the tasks engine, for Django."""

from anlan.engines.tasks.jobs import Job
from anlan.engines.tasks.schedules import ScheduledRun
from anlan.engines.tasks.todos import Todo
from anlan.engines.tasks.workers import WorkerBeat

__all__ = ["Job", "ScheduledRun", "Todo", "WorkerBeat"]
