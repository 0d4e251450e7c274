"""The duty calendar of a unit, month by month: what each day is, who says so, and what it asks for (S04.1)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from anlan.domains.duty.day_calendar import Day, DutyCalendar, days_between
from anlan.domains.duty.periods import DAYS, Demand
from anlan.engines.org.api import OrgUnit, may, require
from anlan.kernel import clock
from anlan.kernel.errors import Missing
from anlan.shell.deadlines import WEEKDAYS
from anlan.shell.listing import list_page, whole_number
from anlan.shell.navigation import Page, add_page
from anlan.shell.parts import Action, View
from anlan.shell.rows import Column

VIEW, URL, ADJUST = "duty.periods.view", "/duty/calendar/", "/duty/day-changes/new"
TONES = {
    "workday": "idle",
    "weekend": "doing",
    "holiday": "review",
    "break": "todo",
    "key": "late",
    "none": "idle",
}
WORDS = {**dict(DAYS), "none": "不安排值班"}

add_page(Page("safety", "值班", "值班日历", URL, VIEW, None, 408))


@dataclass(frozen=True)
class Line:
    """A day as the list shows it."""

    day: Day
    demands: list[Demand]

    @property
    def pk(self) -> int:
        """What tells it from the others."""
        return self.day.day.toordinal()

    @property
    def title(self) -> str:
        """The day and its weekday."""
        return f"{self.day.day:%Y-%m-%d} {WEEKDAYS[self.day.day.weekday()]}"


COLUMNS = (
    Column("title", "日期", "title"),
    Column(
        "kind",
        "按哪类日子",
        "chip",
        value=lambda row: (TONES[row.day.kind], WORDS[row.day.kind]),
        on_phone="inline",
    ),
    Column("why", "依据", value=lambda row: row.day.why or "按星期", note=lambda row: row.day.said_by),
    Column("demands", "要求的班次", value=lambda row: "；".join(map(_words, row.demands)) or "不要求"),
)


def _words(line: Demand) -> str:
    who = f"带班 {line.leaders} 人，值班 {line.members} 人"
    return f"{line.name} {line.begins_at:%H:%M}–{line.ends_at:%H:%M}（{who}）"


@require_safe
def calendar(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A month of the unit's days; ``month`` (2026-11) is the month, the present one without it."""
    found = require(request.user, VIEW)
    unit = OrgUnit.objects.filter(pk=pk or getattr(request.user, "unit_id", 0) or 0).first()
    if unit is None or not found.covers(unit.path):
        raise Missing
    first = _month(request.GET.get("month", ""))
    last = first.replace(day=monthrange(first.year, first.month)[1])
    book = DutyCalendar(first, last)
    days = [book.day(unit, day) for day in days_between(first, last)]
    here = f"{URL}{unit.pk}/"
    return list_page(
        request,
        "值班日历",
        [Line(day, book.demanded(unit, day)) for day in days],
        COLUMNS,
        link=lambda row: f"{ADJUST}?day={row.day.day.isoformat()}",
        lede=f"{unit}，{first:%Y年%m月}；点日期可以调整这一天",
        views=[
            View(f"{month:%Y年%m月}", f"{here}?month={month:%Y-%m}", current=month == first)
            for month in (_before(first), first, last + timedelta(days=1))
        ],
        actions=_actions(request.user),
    )


def _actions(user: Any) -> list[Action]:
    return [Action("调整一天", ADJUST, icon="plus")] if may(user, "duty.day_changes.add") else []


def _before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def _month(said: str) -> date:
    """The first day of the month asked for; of the present month for anything else."""
    year, _, month = said.partition("-")
    number = whole_number(month, 0)
    known = 1900 < whole_number(year, 0) < 2200 and 1 <= number <= 12
    return date(int(year), number, 1) if known else clock.today().replace(day=1)
