"""To-dos as the queue shows them: grouped by deadline, late first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, Q, QuerySet

from anlan.engines.tasks.badges import matter_title
from anlan.engines.tasks.todos import Todo
from anlan.kernel import clock
from anlan.shell.parts import Task, TaskGroup


@dataclass(frozen=True)
class Spans:
    """Where today and this week end."""

    now: datetime
    today: datetime
    week: datetime

    @classmethod
    def here(cls) -> "Spans":
        """As of now, in the site's time zone; the week ends on Sunday."""
        day = clock.today()
        midnight = datetime.combine(day + timedelta(days=1), time(0), clock.zone())
        return cls(clock.now(), midnight, midnight + timedelta(days=6 - day.weekday()))

    def of(self, due_at: datetime | None) -> str:
        """Code of the group a deadline belongs to."""
        if due_at is None or due_at >= self.week:
            return "later"
        if due_at < self.now:
            return "late"
        return "today" if due_at < self.today else "week"

    def condition(self, code: str) -> Q:
        """The same as a condition on ``due_at``."""
        edges = {
            "late": Q(due_at__lt=self.now),
            "today": Q(due_at__gte=self.now, due_at__lt=self.today),
            "week": Q(due_at__gte=self.today, due_at__lt=self.week),
            "later": Q(due_at__gte=self.week) | Q(due_at=None),
        }
        return edges[code]


GROUPS = {
    "late": ("已逾期", "late"),
    "today": ("今日到期", "todo"),
    "week": ("本周", ""),
    "later": ("以后", ""),
}


def grouped(rows: Sequence[Todo], of: QuerySet[Todo]) -> list[TaskGroup]:
    """The to-dos of a page as groups of the queue component, each with its total among all of ``of``."""
    spans = Spans.here()
    totals = of.order_by().aggregate(**{code: Count("pk", filter=spans.condition(code)) for code in GROUPS})
    found: dict[str, list[Task]] = {code: [] for code in GROUPS}
    for todo in rows:
        found[spans.of(todo.due_at)].append(as_task(todo))
    return [
        TaskGroup(title, tasks, tone, totals[code])
        for code, (title, tone) in GROUPS.items()
        if (tasks := found[code])
    ]


def as_task(todo: Todo) -> Task:
    """A to-do as a row of the queue."""
    return Task(
        todo.title,
        todo.url,
        unit=str(todo.org),
        kind=matter_title(todo.model),
        deadline=todo.due_at,
        verb=todo.verb,
    )
