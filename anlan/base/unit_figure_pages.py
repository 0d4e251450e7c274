"""The pages of figures per school and street: tables, ranked list, schools without, things to be seen to."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from anlan.base.schools import School
from anlan.base.unit_figures import Asked, Column, UnitFigures, counts_of, split_of, unit_figures
from anlan.engines.analytics.api import Answer, Cell, Chart, Line, show
from anlan.engines.org.api import Kind, OrgUnit, below, require
from anlan.kernel import clock
from anlan.kernel.numbers import percent_text
from anlan.shell.navigation import Page, add_page
from anlan.shell.parts import Rank, Stat, View
from anlan.shell.picking import Lookup, lookup_url, lookups, suited
from anlan.shell.tables import address

SCHOOL, TOWN, RANK, NONE, WARNED = "school", "town", "rank", "none", "warned"
MOST = 10


class Question(forms.Form):
    """Which area, and from when to when."""

    area = forms.ModelChoiceField(OrgUnit.objects.none(), label="地区或学校", required=False)
    first = forms.DateField(label="起", required=False)
    last = forms.DateField(label="止", required=False)
    by = forms.CharField(required=False, widget=forms.HiddenInput)

    @classmethod
    def of(cls, request: HttpRequest, figures: UnitFigures) -> "Question":
        """With the areas within the person's sight; without a period where no column counts by one."""
        form = cls(request.GET)
        form.fields["area"].queryset = areas_of(figures, request.user)  # type: ignore[attr-defined]
        suited(form.fields["area"], lookup_url(_lookup(figures)), request.user)
        if not any(column.moment for column in figures.columns):
            del form.fields["first"], form.fields["last"]
        return form

    def clean(self) -> dict[str, Any]:
        """Refuse a reversed period."""
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last < first:
            self.add_error("last", "止期不能早于起期")
        return self.cleaned_data

    def asked(self, user: Any, permission: str) -> Asked:
        """What is counted; by default the highest area of the person."""
        area = self.cleaned_data["area"] or OrgUnit.objects.get(
            path=min(require(user, permission).paths, key=len)
        )
        first, last = (self.cleaned_data.get(name) for name in ("first", "last"))
        return Asked(area, user, first.isoformat() if first else "", last.isoformat() if last else "")


def areas_of(figures: UnitFigures, user: Any) -> Any:
    """Areas one may ask about; Forbidden without the right."""
    units = OrgUnit.objects.filter(below(require(user, figures.permission).paths, ""), closed_on=None)
    return units.exclude(kind=Kind.AGENCY)


def _lookup(figures: UnitFigures) -> str:
    return f"figures-{figures.code.replace('.', '-').replace('_', '-')}"


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


@dataclass(frozen=True)
class Paper:
    """One page of figures for what was asked."""

    figures: UnitFigures
    asked: Asked

    @property
    def columns(self) -> list[Column]:
        """The columns this person sees."""
        return self.figures.seen_by(self.asked.user)

    @property
    def head(self) -> tuple[str, ...]:
        """Words over the columns."""
        return (*(one.title for one in self.columns), *(one.title for one in self.figures.ratios))

    def cells(self, counts: dict[str, int], **more: str) -> Iterator[Cell]:
        """Numbers with their lists, then the rates; ``none`` in words where there is nothing at all."""
        for column in self.columns:
            n = counts.get(column.code)
            url = column.url(**more, **self.asked.narrowed(column))
            yield Cell("—" if n is None else f"{n:,}", url if n else "", "late" if column.late and n else "")
        for ratio in self.figures.ratios:
            fraction = ratio.of(counts)
            yield Cell(self.figures.none if fraction is None else percent_text(fraction))

    def line(self, unit: OrgUnit, counts: dict[str, int], title: str = "") -> Line:
        """A unit with its numbers."""
        inside = f"{self.figures.url}?area={unit.pk}&by={SCHOOL}" if unit.kind != Kind.SCHOOL else ""
        return Line(title or str(unit), list(self.cells(counts, org=str(unit.pk))), inside)

    @cached_property
    def schools(self) -> list[tuple[OrgUnit, dict[str, int]]]:
        """Every school of the area with its numbers."""
        return self.over(_schools(self.asked.area))

    def over(self, units: Sequence[OrgUnit]) -> list[tuple[OrgUnit, dict[str, int]]]:
        """Units with their numbers."""
        return list(zip(units, counts_of(self.figures, self.asked, units), strict=True))

    def lacking(self, counts: dict[str, int]) -> bool:
        """Whether a unit has nothing to be judged by."""
        return not counts[self.columns[0].code]

    def ranked(self) -> Iterator[Line]:
        """Schools by their first rate, the worst first; those lacking data come last, without a place."""
        ratio, found = self.figures.ratios[0], self.schools
        judged = [
            (fraction, unit, counts) for unit, counts in found if (fraction := ratio.of(counts)) is not None
        ]
        for place, (_, unit, counts) in enumerate(sorted(judged, key=lambda one: (one[0], one[1].path)), 1):
            yield self.line(unit, counts, f"{place}. {unit}")
        for unit, counts in found:
            if ratio.of(counts) is None:
                yield self.line(unit, counts)

    def warnings(self) -> Iterator[Line]:
        """Things with something wrong, each with the way to its page."""
        for one in self.figures.warned(self.asked.user, self.asked.area) if self.figures.warned else ():
            yield Line(
                one.title, [Cell(one.unit, words=True), Cell(one.words, tone="late", words=True)], one.url
            )

    def lines(self, by: str) -> Iterable[Line]:
        """The table under one of the views."""
        if by == WARNED:
            return self.warnings()
        if by == RANK:
            return self.ranked()
        if split := next((one for one in self.figures.splits if one.code == by), None):
            return self.split(split)
        found = self.over(_towns(self.asked.area)) if by == TOWN else self.schools
        return [self.line(*one) for one in found if by != NONE or self.lacking(one[1])]

    def split(self, split: Any) -> Iterator[Line]:
        """The first ledger by one of its fields."""
        for (title, query), counts in split_of(self.figures, self.asked, split).items():
            within = {"org": str(self.asked.area.pk)} | dict(
                part.split("=", 1) for part in query.split("&") if part
            )
            yield Line(title, list(self.cells(counts, **within)))


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


def _schools(area: OrgUnit) -> list[OrgUnit]:
    rows = School.objects.unscoped().filter(org__path__startswith=area.path, closed_on=None, archived_at=None)
    return list(OrgUnit.objects.filter(pk__in=rows.values("org"), closed_on=None).order_by("path"))


def _towns(area: OrgUnit) -> list[OrgUnit]:
    units = OrgUnit.objects.filter(parent=area, closed_on=None).exclude(kind=Kind.AGENCY).order_by("path")
    return list(units) or [area]


def addresses() -> Iterator[URLPattern]:
    """An address for each declared page, with its place in the navigation and its choice of areas."""
    for item in unit_figures:
        lookups.add(_lookup(item), Lookup(_lookup(item), partial(areas_of, item)))
        add_page(Page(item.area, item.group, item.title, item.url, item.permission, None, item.order))
        yield path(item.url.lstrip("/"), partial(page, figures=item), name=f"figures-{item.code}")
