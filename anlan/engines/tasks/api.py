"""The tasks engine's door: working days, the one to-do list."""

from anlan.engines.tasks.calendar import due_in, is_working_day, provide_calendar, working_days_after
from anlan.engines.tasks.todos import Todo, addressed_to, close_todos, open_todo, todos_for

__all__ = [
    "Todo",
    "addressed_to",
    "close_todos",
    "due_in",
    "is_working_day",
    "open_todo",
    "provide_calendar",
    "todos_for",
    "working_days_after",
]
