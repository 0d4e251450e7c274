"""The pages of figures per school and street, their places and addresses (D14.7, D16.6)."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from anlan.base.unit_counts import counts_of
from anlan.base.unit_figure_asking import Question, lookup_of
from anlan.base.unit_figure_tables import NONE, RANK, SCHOOL, TOWN, WARNED, Paper
from anlan.base.unit_figures import UnitFigures, unit_figures
from anlan.engines.analytics.api import Answer, Chart, Line, declare_areas, show
from anlan.engines.org.api import require
from anlan.kernel import clock
from anlan.kernel.numbers import percent_text
from anlan.shell.navigation import Page, add_page
from anlan.shell.parts import Rank, Stat, View
from anlan.shell.tables import address

MOST = 10


@require_safe
def page(request: HttpRequest, figures: UnitFigures) -> HttpResponse:
    """The page or its table as a file; 422 for an area outside the person's scope and a reversed period."""
    require(request.user, figures.permission)
    form = Question.of(request, figures)
    if not form.is_valid():
        return show(request, figures.title, form, None)
    asked = form.asked(request.user, figures.permission)
    return show(
        request, figures.title, form, _answer(request, Paper(figures, asked), form.cleaned_data["by"])
    )


def _answer(request: HttpRequest, paper: Paper, said: str) -> Answer:
    figures, asked = paper.figures, paper.asked
    views = dict(_views(figures))
    by = said if said in views else SCHOOL
    total = counts_of(figures, asked, [asked.area])[0]
    without = sum(paper.lacking(counts) for _, counts in paper.schools)
    return Answer(
        ("对象", "单位", "预警") if by == WARNED else (views[by].removeprefix("按"), *paper.head),
        list(paper.lines(by)),
        total=None if by == WARNED else Line("合计", list(paper.cells(total, org=str(asked.area.pk)))),
        worded=by == WARNED,
        lede=f"{asked.area}，{clock.today():%Y-%m-%d}。点数字看明细；没有数据的学校不参加排名。",
        stats=list(_stats(request, paper, total, without)),
        charts=[
            chart for one in figures.ratios if by in (SCHOOL, RANK) and (chart := _chart(one, paper)).ranks
        ],
        views=[View(title, address(request, by=code), current=code == by) for code, title in views.items()],
    )


def _views(figures: UnitFigures) -> Iterator[tuple[str, str]]:
    yield from ((SCHOOL, "按学校"), (TOWN, "按镇街"))
    if figures.ratios:
        yield RANK, "排名"
    yield from ((one.code, one.title) for one in figures.splits)
    yield NONE, f"{figures.none}的学校"
    if figures.warned:
        yield WARNED, "预警"


def _stats(request: HttpRequest, paper: Paper, total: dict[str, int], without: int) -> Iterator[Stat]:
    cells = dict(zip(paper.head, paper.cells(total, org=str(paper.asked.area.pk)), strict=True))
    for title, cell in list(cells.items())[:1] + list(cells.items())[-len(paper.figures.ratios) :]:
        yield Stat(title, cell.shown, cell.url)
    yield Stat(f"{paper.figures.none}的学校", str(without), address(request, by=NONE), "所")


def _chart(ratio: Any, paper: Paper) -> Chart:
    """The schools with the lowest rate; none that reaches the whole."""
    found = [(ratio.of(counts), unit) for unit, counts in paper.schools]
    lowest = sorted((one for one in found if one[0] is not None), key=lambda one: (one[0], one[1].path))[
        :MOST
    ]
    ranks = [
        Rank(str(unit), float(fraction), percent_text(fraction), f"{paper.figures.url}?area={unit.pk}")
        for fraction, unit in lowest
    ]
    return Chart(f"{ratio.title}最低的学校", ranks, 1.0)


def addresses() -> Iterator[URLPattern]:
    """An address for each declared page, with its place in the navigation and its choice of areas."""
    for item in unit_figures:
        declare_areas(lookup_of(item), item.permission)
        add_page(Page(item.area, item.group, item.title, item.url, item.permission, None, item.order))
        yield path(item.url.lstrip("/"), partial(page, figures=item), name=f"figures-{item.code}")
