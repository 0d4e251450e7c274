"""The tables of a page of figures: schools, streets, ranked, without data, things with something wrong."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from anlan.base.unit_counts import Asked, counts_of, split_of
from anlan.base.unit_figure_asking import schools_in, towns_in
from anlan.base.unit_figures import Column, UnitFigures
from anlan.engines.analytics.api import Cell, Line
from anlan.engines.org.api import Kind, OrgUnit
from anlan.kernel.numbers import percent_text

SCHOOL, TOWN, RANK, NONE, WARNED = "school", "town", "rank", "none", "warned"


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
        return self.over(schools_in(self.asked.area))

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
        found = self.over(towns_in(self.asked.area)) if by == TOWN else self.schools
        return [self.line(*one) for one in found if by != NONE or self.lacking(one[1])]

    def split(self, split: Any) -> Iterator[Line]:
        """The first ledger by one of its fields."""
        for (title, query), counts in split_of(self.figures, self.asked, split).items():
            within = {"org": str(self.asked.area.pk)} | dict(
                part.split("=", 1) for part in query.split("&") if part
            )
            yield Line(title, list(self.cells(counts, **within)))
