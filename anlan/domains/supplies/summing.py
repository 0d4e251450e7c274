"""Supplies summed for a region, so that an office knows in an emergency what there is and where (R.31)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from anlan.domains.supplies.stocks import KINDS, Stock
from anlan.engines.analytics.api import Answer, Cell, Line, show
from anlan.engines.org.api import Kind, OrgUnit, below, require
from anlan.kernel import clock
from anlan.shell.navigation import Page, add_page
from anlan.shell.picking import Lookup, lookup_url, lookups, suited

URL, VIEW = "/supplies/summary/", "supplies.stocks.view"
add_page(Page("upkeep", "应急物资", "区域物资汇总", URL, VIEW, None, 505))


def areas_of(user: Any) -> Any:
    """Areas one may ask about; Forbidden without the right."""
    units = OrgUnit.objects.filter(below(require(user, VIEW).paths, ""), closed_on=None)
    return units.exclude(kind=Kind.AGENCY)


AREAS = lookups.add("supplies-areas", Lookup("supplies-areas", areas_of)).code


class Question(forms.Form):
    """Which region, which kind."""

    area = forms.ModelChoiceField(OrgUnit.objects.none(), label="地区", required=False)
    kind = forms.ChoiceField(label="类别", choices=[("", "全部"), *KINDS], required=False)

    @classmethod
    def of(cls, request: HttpRequest) -> "Question":
        """With the areas within the person's sight."""
        form = cls(request.GET)
        form.fields["area"].queryset = areas_of(request.user)  # type: ignore[attr-defined]
        suited(form.fields["area"], lookup_url(AREAS), request.user)
        return form


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page or its table as a file; 422 for an area outside the person's scope."""
    require(request.user, VIEW)
    form = Question.of(request)
    return show(request, "区域物资汇总", form, _answer(request, form) if form.is_valid() else None)


def _answer(request: HttpRequest, form: Question) -> Answer:
    area: Any = form.cleaned_data["area"]
    if area is None:
        area = OrgUnit.objects.get(path=min(require(request.user, VIEW).paths, key=len))
    rows = Stock.objects.visible(request.user, VIEW).filter(archived_at=None, org__path__startswith=area.path)
    if kind := form.cleaned_data["kind"]:
        rows = rows.filter(kind=kind)
    lede = f"{area}，已过期的不计入可用数量。"
    return Answer(
        ("物资", "单位", "可用数量", "已过期", "配备标准", "存放处"), list(_lines(rows, area)), lede=lede
    )


def _lines(rows: Any, area: OrgUnit) -> Iterator[Line]:
    good = Q(expires_on=None) | Q(expires_on__gte=clock.today())
    sums = {"usable": Sum("amount", filter=good), "over": Sum("amount", filter=~good), "norm": Sum("norm")}
    for row in rows.order_by("name", "unit").values("name", "unit").annotate(places=Count("pk"), **sums):
        url = f"/supplies/stocks/?{urlencode({'name': row['name'], 'org': area.pk})}"
        cells = [
            Cell(row["unit"]),
            Cell(f"{row['usable'] or 0:,}", url),
            Cell(f"{row['over'] or 0:,}", f"{url}&validity=expired"),
            Cell(f"{row['norm'] or 0:,}", url),
            Cell(f"{row['places']:,}", url),
        ]
        yield Line(row["name"], cells, url)
