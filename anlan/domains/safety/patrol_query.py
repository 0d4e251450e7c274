"""Patrols, hazards and rectification by months, school and kind of patrol (SAF.40)."""

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_safe

from anlan.domains.safety.hazard_flow import HazardFlow
from anlan.domains.safety.hazard_registers import Hazards
from anlan.domains.safety.hazards import Source
from anlan.domains.safety.task_registers import Inspections
from anlan.engines.analytics.api import Answer, Cell, Chart, Line, show
from anlan.engines.org.api import Kind, OrgUnit, below, declare_permission, require
from anlan.engines.registry.api import Listing, ledgers
from anlan.engines.tasks.api import months_later
from anlan.kernel import clock
from anlan.shell.navigation import Page, add_page
from anlan.shell.parts import Rank
from anlan.shell.picking import Lookup, lookup_url, lookups, suited

URL = "/safety/patrol-query/"
WATCHERS = (
    "bureau_safety",
    "team_admin",
    "bureau_leader",
    "bureau_viewer",
    "upper_safety",
    "township_officer",
)
VIEW = declare_permission(
    "safety.patrols.query", "日常巡查查询", (*WATCHERS, "school_safety", "school_head", "school_contact")
).code
KINDS = (Source.ROUTINE, Source.SPOT, Source.SELF, Source.TECH)
HEAD = ("学校", "巡查任务", "已完成", "发现隐患", "已整改", "未整改")
FIXED = ("rectified", "closed")
STILL = [code for code in HazardFlow.states if code not in (*FIXED, "void")]
REAL = [*STILL, *FIXED]

add_page(Page("safety", "分析", "日常巡查查询", URL, VIEW, None, 505))


class Month(forms.Field):
    """A month, 2026-10; its first day."""

    widget = forms.TextInput({"type": "month"})

    def to_python(self, value: Any) -> date | None:
        """The first day of the month."""
        text = str(value or "").strip()
        if not text:
            return None
        if not re.fullmatch(r"(19|20|21)\d\d-(0[1-9]|1[0-2])", text):
            raise forms.ValidationError("月份要写成 2026-10 这样")
        return date(int(text[:4]), int(text[5:]), 1)


class Question(forms.Form):
    """Months from and to, both included; school; kind of patrol."""

    first = Month(label="月份自", required=False)
    last = Month(label="至", required=False)
    school = forms.ModelChoiceField(OrgUnit.objects.none(), label="学校", required=False)
    kind = forms.ChoiceField(
        label="巡查类型",
        required=False,
        choices=[("", "全部"), *((kind.value, kind.label) for kind in KINDS)],
    )

    def clean(self) -> dict[str, Any]:
        """A period ends after it starts."""
        data = super().clean() or {}
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", "止月不能早于起月")
        return data


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page; without months the last three."""
    require(request.user, VIEW)
    form = Question(request.GET)
    form.fields["school"].queryset = schools_of(request.user)  # type: ignore[attr-defined]
    suited(form.fields["school"], lookup_url(SCHOOLS), request.user)
    answer = _answer(request.user, form.cleaned_data) if form.is_valid() else None
    return show(request, "日常巡查查询", form, answer)


def schools_of(user: Any) -> Any:
    """Schools one may ask about; Forbidden without the right."""
    found = require(user, VIEW)
    return OrgUnit.objects.filter(below(found.paths + found.own_paths, ""), kind=Kind.SCHOOL)


SCHOOLS = lookups.add("patrol-schools", Lookup("patrol-schools", schools_of)).code


def _answer(user: Any, said: dict[str, Any]) -> Answer:
    last = said["last"] or clock.today().replace(day=1)
    first = said["first"] or min(last, months_later(last, -2))
    ends = months_later(last, 1) - timedelta(days=1)
    where = {"org": str(said["school"].pk)} if said["school"] else {}
    kinds = [said["kind"]] if said["kind"] else [kind.value for kind in KINDS]
    patrols = where | {"due_at_from": str(first), "due_at_to": str(ends), "round__plan__mode__source": kinds}
    hazards = where | {"found_at_from": str(first), "found_at_to": str(ends), "source": kinds}
    lines = _lines(user, patrols, hazards)
    ranks = sorted(
        (line for line in lines if line.cells[2].shown != "0"), key=lambda one: -int(one.cells[2].shown)
    )
    bars = [
        Rank(line.title, int(line.cells[2].shown), line.cells[2].shown, line.cells[2].url)
        for line in ranks[:10]
    ]
    return Answer(
        HEAD,
        lines,
        total=_total(lines, patrols, hazards),
        lede=f"{first:%Y 年 %-m 月}至{last:%Y 年 %-m 月}，首尾两个月都在内；巡查按期限计月，误报不计入隐患。",
        charts=[Chart("发现隐患最多的学校", bars)],
    )


def _lines(user: Any, patrols: dict[str, Any], hazards: dict[str, Any]) -> list[Line]:
    counted = _count(
        user, Inspections.code, patrols, total=Count("pk"), done=Count("pk", Q(state="completed"))
    )
    fixed = Q(state__in=FIXED)
    more = _count(user, Hazards.code, hazards, found=Count("pk", ~Q(state="void")), fixed=Count("pk", fixed))
    for unit, row in more.items():
        counted.setdefault(unit, {}).update(row)
    units = OrgUnit.objects.filter(pk__in=counted).order_by("path")
    return [
        _line(unit.name, counted[unit.pk], patrols | {"org": str(unit.pk)}, hazards | {"org": str(unit.pk)})
        for unit in units
    ]


def _count(user: Any, code: str, said: dict[str, Any], **figures: Any) -> dict[int, dict[str, int]]:
    listing = Listing(ledgers[code], user, QueryDict(urlencode(said, doseq=True)))
    rows = listing.found.order_by().values("org").annotate(**figures)
    return {row["org"]: {name: row[name] for name in figures} for row in rows}


def _line(title: str, row: dict[str, int], patrols: dict[str, Any], hazards: dict[str, Any]) -> Line:
    def url(ledger: str, said: dict[str, Any], **more: Any) -> str:
        return f"/safety/{ledger}/?{urlencode(said | more, doseq=True)}"

    found, fixed = row.get("found", 0), row.get("fixed", 0)
    return Line(
        title,
        (
            Cell(str(row.get("total", 0)), url("inspections", patrols)),
            Cell(str(row.get("done", 0)), url("inspections", patrols, state="completed")),
            Cell(str(found), url("hazards", hazards, state=REAL)),
            Cell(str(fixed), url("hazards", hazards, state=FIXED)),
            Cell(str(found - fixed), url("hazards", hazards, state=STILL), "late" if found > fixed else ""),
        ),
    )


def _total(lines: list[Line], patrols: dict[str, Any], hazards: dict[str, Any]) -> Line:
    sums = [sum(int(line.cells[at].shown) for line in lines) for at in range(5)]
    names = dict(zip(("total", "done", "found", "fixed"), sums, strict=False))
    return _line("合计", names, patrols, hazards)
