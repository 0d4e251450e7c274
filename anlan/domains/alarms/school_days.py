"""Everything about the safety of a school, day by day: attendance, visitors, inspections, hazards (SAF.01)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Count, DateTimeField, F
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from anlan.base.blocks import school_block
from anlan.base.schools import School
from anlan.base.unit_counts import Asked
from anlan.base.unit_figures import Column
from anlan.domains.alarms.feed_registers import FeedRecords
from anlan.engines.analytics.api import Answer, AreaForm, Cell, Line, declare_areas, show
from anlan.engines.org.api import OrgUnit, may, require
from anlan.engines.registry.api import ledgers
from anlan.kernel import clock
from anlan.shell.navigation import Page, add_page

URL, VIEW = "/alarms/school-days/", "alarms.feed_records.view"
FEED, USUAL, MOST = FeedRecords.code, 14, 92
COLUMNS = (
    Column("came", "到校", FEED, "status=present&status=late&status=early", "day"),
    Column("missing", "缺勤", FEED, "status=absent", "day", late=True),
    Column("leave", "请假", FEED, "status=leave", "day"),
    Column("visitors", "访客", FEED, "kind=visitor", "day"),
    Column("visits", "门卫来访登记", "guards.visits", "", "came_at"),
    Column("passings", "出入记录", "alarms.passings", "", "at"),
    Column("inspections", "巡查检查", "safety.inspections", "", "submitted_at"),
    Column("stamps", "巡查打卡", "patrols.stamps", "", "day"),
    Column("hazards", "新发现隐患", "safety.hazards", "", "found_at", late=True),
    Column("incidents", "安全事件", "safety.incidents", "", "happened_at", late=True),
    Column("alarms", "报警", "alarms.alarms", "test=0", "at"),
)
AREAS = declare_areas("alarms-school-days", VIEW)
add_page(Page("safety", "分析", "学校每日安全数据", URL, VIEW, None, 505))


@dataclass(frozen=True)
class Span:
    """A school or an area between two days, as somebody sees it."""

    user: Any
    area: OrgUnit
    first: date
    last: date

    @property
    def columns(self) -> Sequence[Column]:
        """Those whose lists the person may open; modules left out of the site leave none."""
        there = (one for one in COLUMNS if one.ledger in ledgers.codes())
        return [one for one in there if may(self.user, f"{one.ledger}.view")]

    def counted(self, column: Column) -> dict[date, int]:
        """How many rows of the list each day has."""
        asked = Asked(self.area, self.user, self.first.isoformat(), self.last.isoformat())
        timed = isinstance(column.source.model._meta.get_field(column.moment), DateTimeField)
        on = TruncDate(column.moment, tzinfo=clock.zone()) if timed else F(column.moment)
        rows = asked.rows(column).annotate(on_day=on).values("on_day").annotate(n=Count("pk"))
        return {row["on_day"]: row["n"] for row in rows}

    def lines(self) -> list[Line]:
        """A line for every day, the latest first."""
        counted = [(column, self.counted(column)) for column in self.columns]
        days = [self.last - timedelta(days=back) for back in range((self.last - self.first).days + 1)]
        return [
            Line(f"{day:%Y-%m-%d}", [self._cell(one, day, n.get(day, 0)) for one, n in counted])
            for day in days
        ]

    def _cell(self, column: Column, day: date, n: int) -> Cell:
        within = {f"{column.moment}_from": str(day), f"{column.moment}_to": str(day)}
        url = column.url(org=str(self.area.pk), **within)
        return Cell(f"{n:,}", url if n else "", "late" if column.late and n else "")


class Question(AreaForm):
    """Which school, from when to when."""

    first = forms.DateField(label="起", required=False)
    last = forms.DateField(label="止", required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a reversed or an endless span."""
        last = self.cleaned_data.get("last") or clock.today()
        first = self.cleaned_data.get("first") or last - timedelta(days=USUAL - 1)
        if not timedelta(0) <= last - first < timedelta(days=MOST):
            self.add_error("last", f"止期不能早于起期，最长 {MOST} 天")
        return self.cleaned_data | {"first": first, "last": last}


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page or its table as a file; 422 for an area outside the person's scope or a wrong span."""
    require(request.user, VIEW)
    form = Question(request.GET)
    form.ask_within(request.user, VIEW, AREAS)
    answer = _answer(request, form) if form.is_valid() else None
    return show(request, "学校每日安全数据", form, answer)


def _answer(request: HttpRequest, form: Question) -> Answer:
    said = form.cleaned_data
    span = Span(request.user, form.settled_area(request.user, VIEW), said["first"], said["last"])
    head = ("日期", *(one.title for one in span.columns))
    return Answer(head, span.lines(), lede=f"{span.area}，{span.first} 至 {span.last}。数字打开当天的清单。")


@school_block("school_days", "每日安全数据", "alarms/school_days.html")
def last_days(request: HttpRequest, school: School) -> dict[str, Any] | None:
    """The last three days on the school's page, and the way to the others."""
    today = clock.today()
    span = Span(request.user, school.org, today - timedelta(days=2), today)
    if not may(request.user, VIEW):
        return None
    return {"head": span.columns, "days": span.lines(), "url": f"{URL}?area={school.org_id}"}
