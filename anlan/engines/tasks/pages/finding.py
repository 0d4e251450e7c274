"""The filters of school tasks: the list, the calendar, the statistics and the export ask the same question."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q
from django.http import HttpRequest
from django.utils.dateparse import parse_date

from anlan.engines.tasks.assignments import OPEN, Stage, not_as_required, overdue_condition
from anlan.engines.tasks.school_tasks import VIEW, SchoolTask, TaskKind
from anlan.kernel import clock
from anlan.shell.listing import choice_filter
from anlan.shell.parts import Filter

NAMES = ("kind", "state", "source", "who", "day_from", "day_to", "q")
STATES = {**{stage.value: stage.label for stage in Stage}, "late": "已逾期", "failed": "未按要求完成"}
SOURCES = {"own": "本单位", "above": "上级"}
RELATED = ("org", "assignee", "post", "parent", "round__plan__org", "round__plan__created_by")


@dataclass(frozen=True)
class Question:
    """What the person asked for, read from the address; unknown values are as good as none."""

    kind: str = ""
    state: str = ""
    source: str = ""
    who: str = ""
    first: date | None = None
    last: date | None = None
    q: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Question":
        """The question of a request."""
        said = {name: request.GET.get(name, "").strip() for name in NAMES}
        return cls(
            said["kind"] if said["kind"] in TaskKind.values else "",
            said["state"] if said["state"] in STATES else "",
            said["source"] if said["source"] in SOURCES else "",
            said["who"] if said["who"].isascii() and said["who"].isdigit() else "",
            _day(said["day_from"]),
            _day(said["day_to"]),
            said["q"],
        )

    def condition(self) -> Q:
        """The question as a condition on tasks."""
        found = Q()
        if self.kind:
            found &= Q(round__plan__kind=self.kind)
        if self.state:
            found &= _state(self.state)
        if self.source:
            own = Q(round__plan__org=F("org"))
            found &= own if self.source == "own" else ~own
        if self.who:
            found &= Q(assignee=int(self.who[:9]) or None)
        if self.last:
            found &= Q(round__opens_on__lte=self.last)
        if self.first:
            found &= Q(due_at__date__gte=self.first)
        if self.q:
            found &= Q(round__plan__title__icontains=self.q) | Q(org__name__icontains=self.q)
        return found


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _state(code: str) -> Q:
    if code == "late":
        return overdue_condition()
    return not_as_required() if code == "failed" else Q(state=code)


def visible_tasks(user: Any) -> Any:
    """Tasks the person may see, with what a row needs."""
    rows = SchoolTask.objects.visible(user, VIEW).filter(archived_at=None)
    return rows.select_related(*RELATED).order_by("due_at", "pk")


def tasks_in_state(user: Any, state: str) -> Any:
    """Tasks the person may see in a state of the filter, as the list shows them."""
    return visible_tasks(user).filter(Question(state=state).condition())


def found_tasks(request: HttpRequest) -> Any:
    """Tasks the person may see that answer the request's question."""
    return visible_tasks(request.user).filter(Question.of(request).condition())


def filters(request: HttpRequest, rows: Any) -> list[Filter]:
    """Filter pills of the pages of school tasks."""
    people = rows.exclude(assignee=None).order_by().values_list("assignee", "assignee__name").distinct()[:200]
    wanted = (
        ("kind", "类别", list(TaskKind.choices)),
        ("state", "状态", list(STATES.items())),
        ("source", "来源", list(SOURCES.items())),
        ("who", "负责人", [(str(pk), name) for pk, name in people]),
    )
    period = (request.GET.get("day_from", ""), request.GET.get("day_to", ""))
    shown = f"{period[0]} 至 {period[1]}" if any(period) else ""
    span = Filter("day", "时间", shown=shown, kind="range", values=period)
    return [*(choice_filter(request, *one) for one in wanted), span]


def tally(rows: Any) -> dict[str, int]:
    """Figures of a list of tasks; cancelled ones are left out."""
    counted = rows.exclude(state=Stage.CANCELLED).order_by().values_list("state", "late", "returns", "due_at")
    found = {"total": 0, "completed": 0, "punctual": 0, "late": 0, "overdue": 0, "returned": 0}
    for state, late, returns, due_at in counted:
        done = state == Stage.COMPLETED
        found["total"] += 1
        found["completed"] += done
        found["punctual"] += done and not late
        found["late"] += done and late
        found["overdue"] += state in OPEN and due_at < clock.now()
        found["returned"] += returns > 0
    return found
