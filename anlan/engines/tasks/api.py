"""The tasks engine's door: working days, to-dos, plans and assignments, deadlines, background jobs."""

from anlan.engines.tasks.assignments import (
    Assignment,
    Stage,
    belongs_to,
    not_as_required,
    overdue_condition,
)
from anlan.engines.tasks.badges import Badges, badges, matter_title
from anlan.engines.tasks.calendar import (
    day_end,
    due_in,
    is_working_day,
    provide_calendar,
    provide_terms,
    terms_of,
    working_days_after,
)
from anlan.engines.tasks.deadlines import ESCALATION, Dated, declare_dated, watch_deadlines
from anlan.engines.tasks.generating import activate, assign, cancel_plan, generate_rounds, run_plans
from anlan.engines.tasks.jobs import (
    Job,
    JobCancelled,
    JobLost,
    background,
    cancel,
    job_of,
    jobs_of,
    progress,
    progress_aside,
)
from anlan.engines.tasks.pages.finding import tasks_in_state
from anlan.engines.tasks.pages.jobs import job_card
from anlan.engines.tasks.passing import (
    decide_extension,
    request_extension,
    transfer,
    urge_assignment,
)
from anlan.engines.tasks.plans import Addressee, Plan, Round
from anlan.engines.tasks.queueing import grouped
from anlan.engines.tasks.recurrence import Opening, Repeat, Rhythm, months_later, school_days
from anlan.engines.tasks.running import enqueue
from anlan.engines.tasks.schedules import declare_periodic
from anlan.engines.tasks.settling import report_again, settle
from anlan.engines.tasks.stepping import (
    Stepped,
    accept,
    cancel_assignment,
    return_,
    show_on_desks,
    start,
    submit,
)
from anlan.engines.tasks.succeeding import hand_in, succeed
from anlan.engines.tasks.todos import (
    SELF_REMINDED,
    Todo,
    addressed_to,
    close_todos,
    open_todo,
    open_todos,
    todos_for,
)
from anlan.engines.tasks.traces import Extension, Report, Transfer, traces

__all__ = [
    "ESCALATION",
    "SELF_REMINDED",
    "Addressee",
    "Assignment",
    "Badges",
    "Dated",
    "Extension",
    "Job",
    "JobCancelled",
    "JobLost",
    "Opening",
    "Plan",
    "Repeat",
    "Report",
    "Rhythm",
    "Round",
    "Stage",
    "Stepped",
    "Todo",
    "Transfer",
    "accept",
    "activate",
    "addressed_to",
    "assign",
    "background",
    "badges",
    "belongs_to",
    "cancel",
    "cancel_assignment",
    "cancel_plan",
    "close_todos",
    "day_end",
    "decide_extension",
    "declare_dated",
    "declare_periodic",
    "due_in",
    "enqueue",
    "generate_rounds",
    "grouped",
    "hand_in",
    "is_working_day",
    "job_card",
    "job_of",
    "jobs_of",
    "matter_title",
    "months_later",
    "not_as_required",
    "open_todo",
    "open_todos",
    "overdue_condition",
    "progress",
    "progress_aside",
    "provide_calendar",
    "provide_terms",
    "report_again",
    "request_extension",
    "return_",
    "run_plans",
    "school_days",
    "settle",
    "show_on_desks",
    "start",
    "submit",
    "succeed",
    "tasks_in_state",
    "terms_of",
    "todos_for",
    "traces",
    "transfer",
    "urge_assignment",
    "watch_deadlines",
    "working_days_after",
]
