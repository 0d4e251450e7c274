"""Supplies summed for a region, so that an office knows in an emergency what there is and where (R.31)."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from anlan.domains.supplies.stocks import KINDS, Stock
from anlan.engines.analytics.api import Answer, AreaForm, Cell, Line, declare_areas, show
from anlan.engines.org.api import OrgUnit, require
from anlan.kernel import clock
from anlan.shell.navigation import Page, add_page

URL, VIEW = "/supplies/summary/", "supplies.stocks.view"
add_page(Page("upkeep", "应急物资", "区域物资汇总", URL, VIEW, None, 505))


AREAS = declare_areas("supplies-areas", VIEW)


class Question(AreaForm):
    """Which region, which kind."""

    kind = forms.ChoiceField(label="类别", choices=[("", "全部"), *KINDS], required=False)

    @classmethod
    def of(cls, request: HttpRequest) -> "Question":
        """With the areas within the person's sight."""
        form = cls(request.GET)
        form.ask_within(request.user, VIEW, AREAS)
        return form


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The page or its table as a file; 422 for an area outside the person's scope."""
    require(request.user, VIEW)
    form = Question.of(request)
    return show(request, "区域物资汇总", form, _answer(request, form) if form.is_valid() else None)


def _answer(request: HttpRequest, form: Question) -> Answer:
    area = form.settled_area(request.user, VIEW)
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
