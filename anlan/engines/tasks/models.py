"""Models of the tasks engine, for Django."""

from anlan.engines.tasks.deadlines import DeadlineNotice
from anlan.engines.tasks.jobs import Job
from anlan.engines.tasks.schedules import ScheduledRun
from anlan.engines.tasks.school_tasks import SchoolTask, SchoolTaskPlan, SchoolTaskRound
from anlan.engines.tasks.todos import Todo
from anlan.engines.tasks.traces import Extension, Report, Transfer
from anlan.engines.tasks.workers import WorkerBeat

__all__ = [
    "DeadlineNotice",
    "Extension",
    "Job",
    "Report",
    "ScheduledRun",
    "SchoolTask",
    "SchoolTaskPlan",
    "SchoolTaskRound",
    "Todo",
    "Transfer",
    "WorkerBeat",
]
