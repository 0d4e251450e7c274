"""A round as it is reckoned: indicators, participants, panels, scores and what was decided about them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from anlan.engines.evaluation.scales import ZERO
from anlan.engines.evaluation.trees import Fault, Tree

Weighting = Literal["points", "percent"]


@dataclass(frozen=True)
class Judge:
    """Somebody who scores; ``weight`` counts under the rule ``weighted`` only."""

    code: str
    weight: Decimal = Decimal(1)


@dataclass(frozen=True)
class Panel:
    """Judges who each score every one of these leaves of every one of these participants; empty means all."""

    judges: tuple[Judge, ...]
    indicators: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ruling:
    """A value set by somebody in office, with its reason."""

    value: Decimal
    reason: str
    by: str


@dataclass(frozen=True)
class Award:
    """A level of awards and how many there are."""

    title: str
    number: int


@dataclass(frozen=True)
class Case:
    """Everything a result follows from.

    ``scores``: judge's code to score, by participant and leaf. ``reviews``: final score of a leaf in place of the
    aggregated one. ``adjustments``: added to a participant's total. ``order``: place among equals, from 1.
    """

    tree: Tree
    participants: Mapping[str, str]
    panels: tuple[Panel, ...]
    scores: Mapping[tuple[str, str], Mapping[str, Decimal]]
    rule: str = "mean"
    weighting: Weighting = "points"
    places: int = 2
    reviews: Mapping[tuple[str, str], Ruling] = field(default_factory=dict)
    adjustments: Mapping[str, tuple[Ruling, ...]] = field(default_factory=dict)
    order: Mapping[str, int] = field(default_factory=dict)
    awards: tuple[Award, ...] = ()

    def duties(self) -> dict[tuple[str, str], dict[str, Judge]]:
        """Who has to score what: judges by participant and leaf."""
        found: dict[tuple[str, str], dict[str, Judge]] = {}
        leaves = [leaf.code for leaf in self.tree.leaves]
        for panel in self.panels:
            for participant in panel.participants or self.participants:
                for leaf in panel.indicators or leaves:
                    found.setdefault((participant, leaf), {}).update({one.code: one for one in panel.judges})
        return found

    def faults(self) -> list[Fault]:
        """What makes the case impossible to reckon, whatever the scores may be."""
        return [*self.tree.faults(), *self._unjudged(), *self._unasked(), *self._out_of_scale()]

    def _unjudged(self) -> Iterator[Fault]:
        due = self.duties()
        for participant in self.participants:
            for leaf in self.tree.leaves:
                if not due.get((participant, leaf.code)):
                    yield Fault(leaf.code, f"{self.participants[participant]}没有评委")

    def _unasked(self) -> Iterator[Fault]:
        due = self.duties()
        for (participant, leaf), given in self.scores.items():
            for judge in given:
                if judge not in due.get((participant, leaf), ()):
                    yield Fault(leaf, f"{judge} 不是{self.participants.get(participant, participant)}的评委")

    def _out_of_scale(self) -> Iterator[Fault]:
        scales = {leaf.code: leaf.scale for leaf in self.tree.leaves if leaf.scale}
        for (_, leaf), said in self.scores.items():
            for score in said.values() if leaf in scales else ():
                if fault := scales[leaf].fault(score):
                    yield Fault(leaf, f"{score:f} 分{fault}")
        for (_, leaf), ruling in self.reviews.items():
            if not ZERO <= ruling.value <= (scales[leaf].most if leaf in scales else ZERO):
                yield Fault(leaf, f"复核分 {ruling.value:f} 超出范围")
