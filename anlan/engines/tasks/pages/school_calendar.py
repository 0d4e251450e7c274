"""School tasks in a calendar: day, week, month, term; the same tasks as the list for the same filter."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from anlan.engines.tasks.calendar import terms_of
from anlan.engines.tasks.pages.finding import Question, filters, found_tasks, visible_tasks
from anlan.engines.tasks.recurrence import months_later
from anlan.engines.tasks.school_tasks import SchoolTask
from anlan.kernel import clock
from anlan.shell.parts import View
from anlan.shell.responses import render_block
from anlan.shell.tables import address

VIEWS = {"day": "日", "week": "周", "month": "月", "term": "学期"}
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Day:
    """A day with the tasks that run on it."""

    date: date
    tasks: list[SchoolTask]
    inside: bool
    today: bool


def span(view: str, day: date, unit: Any = None) -> tuple[date, date]:
    """First and last day that the view around ``day`` shows."""
    if view == "day":
        return day, day
    if view == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if view == "month":
        first = day.replace(day=1)
        return first, months_later(first, 1) - timedelta(days=1)
    return _term(day, unit)


def _term(day: date, unit: Any) -> tuple[date, date]:
    """The known term around the day; else the half-year from February or August."""
    known = terms_of(unit, day, day) if unit is not None else []
    if known:
        return known[0]
    if 2 <= day.month <= 7:
        return date(day.year, 2, 1), date(day.year, 7, 31)
    first = date(day.year - (day.month == 1), 8, 1)
    return first, date(first.year + 1, 1, 31)


def days_of(task: SchoolTask, first: date, last: date) -> list[date]:
    """Every day of the span on which the task runs, from its opening to its deadline."""
    begin = max(task.round.opens_on, first)
    end = min(task.due_at.astimezone(clock.zone()).date(), last)
    return [begin + timedelta(days=n) for n in range((end - begin).days + 1)]


def calendar_days(tasks: list[SchoolTask], first: date, last: date) -> list[Day]:
    """Days of the span, filled up to whole weeks where it is longer than one."""
    by_day: dict[date, list[SchoolTask]] = {}
    for task in tasks:
        for day in days_of(task, first, last):
            by_day.setdefault(day, []).append(task)
    begin = first - timedelta(days=first.weekday()) if last - first > WEEK else first
    whole = (last - begin).days + 1
    if last - first > WEEK:
        whole = -(-whole // 7) * 7
    days = [begin + timedelta(days=n) for n in range(whole)]
    today = clock.today()
    return [Day(day, by_day.get(day, []), first <= day <= last, day == today) for day in days]


@require_GET
def calendar(request: HttpRequest) -> HttpResponse:
    """The calendar."""
    view = request.GET.get("view", "month")
    view = view if view in VIEWS else "month"
    day = _day(request.GET.get("day", "")) or clock.today()
    first, last = span(view, day, getattr(request.user, "unit", None))
    rows = found_tasks(request).filter(round__opens_on__lte=last, due_at__date__gte=first)
    tasks = [task for task in rows if days_of(task, first, last)]
    days, asked = calendar_days(tasks, first, last), Question.of(request)
    context = {
        "title": "任务日历",
        "lede": f"{first:%Y-%m-%d} 至 {last:%m-%d}，共 {len(tasks)} 项任务。",
        "choices": [
            View(title, address(request, view=code), current=code == view) for code, title in VIEWS.items()
        ],
        "earlier": address(request, day=(first - timedelta(days=1)).isoformat()),
        "later": address(request, day=(last + timedelta(days=1)).isoformat()),
        "weeks": [days[n : n + 7] for n in range(0, len(days), 7)] if view in ("month", "term") else [],
        "days": [one for one in days if one.inside and (one.tasks or view in ("day", "week"))],
        "filters": filters(request, visible_tasks(request.user)),
        "q": asked.q,
        "keep": [("view", view), ("day", day.isoformat())],
        "list_url": reverse("tasks.school_tasks:list"),
    }
    return render_block(request, "tasks/school_calendar.html", "rows", context)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
