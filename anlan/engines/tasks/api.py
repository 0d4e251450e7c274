"""The tasks engine's door: working days, the one to-do list, background jobs."""

from anlan.engines.tasks.calendar import due_in, is_working_day, provide_calendar, working_days_after
from anlan.engines.tasks.jobs import Job, JobCancelled, JobLost, background, cancel, job_of, jobs_of, progress
from anlan.engines.tasks.running import enqueue
from anlan.engines.tasks.schedules import declare_periodic
from anlan.engines.tasks.todos import Todo, addressed_to, close_todos, open_todo, todos_for

__all__ = [
    "Job",
    "JobCancelled",
    "JobLost",
    "Todo",
    "addressed_to",
    "background",
    "cancel",
    "close_todos",
    "declare_periodic",
    "due_in",
    "enqueue",
    "is_working_day",
    "job_of",
    "jobs_of",
    "open_todo",
    "progress",
    "provide_calendar",
    "todos_for",
    "working_days_after",
]
