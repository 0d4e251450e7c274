"""Special checks in figures: schools, items, hazards and hazards rectified, by check or by group (SAF.42)."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from anlan.domains.safety.groups import InspectionGroup
from anlan.domains.safety.special import OVERSEE, SpecialCheck, SpecialPart, SpecialProgress
from anlan.domains.safety.special_flow import SpecialPartFlow
from anlan.domains.safety.special_results import SpecialResult
from anlan.engines.analytics.api import Answer, Cell, Chart, Line, show
from anlan.engines.org.api import declare_permission, require
from anlan.engines.workflow.api import flows
from anlan.shell.navigation import Page, add_page
from anlan.shell.parts import Rank, View
from anlan.shell.tables import address

URL = "/safety/special-analysis/"
ANALYSE = declare_permission(
    "safety.special_checks.analyse",
    "专项检查：统计分析",
    ("bureau_safety", "team_admin", "bureau_leader", "bureau_viewer"),
).code
HEAD = ("应查学校", "已查学校", "检查项目", "检查项次", "发现隐患", "已整改隐患")
RECTIFIED = ("rectified", "closed")
GROUPINGS = {"check": "按检查任务", "group": "按检查小组"}

add_page(Page("safety", "分析", "专项检查分析", URL, ANALYSE, None, 515))


class Question(forms.Form):
    """Which checks: by name, group and day of completion."""

    check = forms.ModelChoiceField(SpecialCheck.unguarded.none(), label="检查任务", required=False)
    group = forms.ModelChoiceField(InspectionGroup.unguarded.none(), label="检查小组", required=False)
    first = forms.DateField(label="完成日期自", required=False)
    last = forms.DateField(label="至", required=False)
    by = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """A period ends after it starts."""
        data = super().clean() or {}
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", "止期不能早于起期")
        return data


def real_hazards() -> list[str]:
    """States of hazards that were no false alarm."""
    return [code for code in flows["safety.hazards"].states if code != "void"]


STILL = [code for code in SpecialPartFlow.states if code != "withdrawn"]


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page; 403 for schools, 422 for a reversed period."""
    require(request.user, ANALYSE)
    checks = SpecialCheck.objects.visible(request.user, ANALYSE).exclude(state__in=("draft", "withdrawn"))
    form = Question(request.GET)
    form.fields["check"].queryset = checks  # type: ignore[attr-defined]
    groups = InspectionGroup.objects.visible(request.user, ANALYSE)
    form.fields["group"].queryset = groups  # type: ignore[attr-defined]
    answer = _answer(request, checks, form.cleaned_data) if form.is_valid() else None
    return show(request, "专项检查分析", form, answer)


def _answer(request: HttpRequest, checks: Any, said: dict[str, Any]) -> Answer:
    for name, lookup in (("check", "pk"), ("first", "finish_on__gte"), ("last", "finish_on__lte")):
        if value := said[name]:
            checks = checks.filter(**{lookup: getattr(value, "pk", value)})
    by = "group" if said["by"] == "group" else "check"
    days = {"check_of__finish_on_from": said["first"], "check_of__finish_on_to": said["last"]}
    kept = {name: f"{day}" for name, day in days.items() if day}
    kept |= {
        name: str(said[word].pk) for name, word in (("check_of", "check"), ("group", "group")) if said[word]
    }
    lines = [_line(by, row, kept) for row in counted(request.user, checks, by, said["group"])]
    hazards = [
        Rank(line.title, int(line.cells[4].shown), line.cells[4].shown, line.cells[4].url) for line in lines
    ]
    return Answer(
        (GROUPINGS[by].removeprefix("按"), *HEAD),
        lines,
        lede="不含草稿和已撤回的检查；已查学校指检查小组已确认；误报不计入隐患。",
        charts=[Chart("发现隐患最多的", sorted(hazards, key=lambda row: -row.value)[:10])],
        views=[
            View(title, address(request, by=code), current=code == by) for code, title in GROUPINGS.items()
        ],
    )


def counted(user: Any, checks: Any, by: str, group: InspectionGroup | None = None) -> list[dict[str, Any]]:
    """Figures by check or by group, of what the person's own lists show: schools to check, schools checked,
    items, item results, hazards, hazards rectified.
    """
    key = "check_of" if by == "check" else "group"
    narrower = {"group": group} if group else {}
    whole = SpecialProgress.objects.visible(user, OVERSEE).filter(check_of__in=checks, **narrower)
    done = SpecialPart.objects.visible(user, "safety.special_parts.view").filter(reached=2)
    rows = SpecialResult.objects.visible(user, "safety.special_results.view").filter(
        archived_at=None,
        part__check_of__in=checks,
        **{f"part__{name}": one for name, one in narrower.items()},
    )
    found = _by(key, whole.exclude(state="withdrawn"), schools=Count("pk"))
    _join(found, _by(key, done.exclude(state="withdrawn"), checked=Count("pk")))
    real, fixed = Q(hazard__state__in=real_hazards()), Q(hazard__state__in=RECTIFIED)
    figures = {
        "items": Count("item", distinct=True),
        "results": Count("pk"),
        "hazards": Count("pk", filter=real),
        "rectified": Count("pk", filter=fixed),
    }
    _join(found, _by(f"part__{key}", rows, **figures))
    model: Any = SpecialCheck if by == "check" else InspectionGroup
    titles = {row.pk: str(row) for row in model.unguarded.filter(pk__in=found)}
    return [{"key": pk, "title": titles[pk]} | row for pk, row in sorted(found.items(), reverse=True)]


def _by(key: str, rows: Any, **figures: Any) -> dict[int, dict[str, int]]:
    return {row.pop(key): row for row in rows.order_by().values(key).annotate(**figures)}


def _join(found: dict[int, dict[str, int]], more: dict[int, dict[str, int]]) -> None:
    for key, row in more.items():
        if key in found:
            found[key].update(row)


def _line(by: str, row: dict[str, Any], kept: dict[str, str]) -> Line:
    mine = kept | {("check_of" if by == "check" else "group"): str(row["key"])}
    results = {f"part__{name}": value for name, value in mine.items()}

    def url(ledger: str, said: dict[str, str], **more: Any) -> str:
        return f"/safety/{ledger}/?{urlencode(said | more, doseq=True)}"

    cells = {
        "schools": url("special-progress", mine, state=STILL),
        "checked": url("special-parts", mine, reached=2, state=STILL),
        "items": url("special-results", results),
        "results": url("special-results", results),
        "hazards": url("special-results", results, hazard__state=real_hazards()),
        "rectified": url("special-results", results, hazard__state=RECTIFIED),
    }
    if by == "check":
        cells["items"] = f"/safety/special-checks/{row['key']}/#items-h"
    page_of = "special-checks" if by == "check" else "inspection-groups"
    figures = [Cell(str(row.get(name, 0)), link) for name, link in cells.items()]
    return Line(row["title"], figures, f"/safety/{page_of}/{row['key']}/")
