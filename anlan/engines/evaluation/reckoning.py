"""From scores to results: aggregated and final scores, totals, ranks with ties, awards by number.

Exact throughout. The aggregated score of a leaf is rounded to the places of the round, halves up; totals add up what
was rounded, so that every sum a reader makes of the printed numbers comes out.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from anlan.engines.evaluation.cases import Case
from anlan.engines.evaluation.rules import Mark, rules
from anlan.engines.evaluation.scales import ZERO
from anlan.engines.evaluation.trees import Fault, Tree
from anlan.kernel.numbers import rounded, rounded_fraction

Cell = tuple[str, str]


@dataclass(frozen=True)
class Duty:
    """A judge who has not scored a leaf of a participant."""

    judge: str
    participant: str
    indicator: str


class Unfinished(Exception):
    """Judges are outstanding, by name."""

    def __init__(self, missing: list[Duty]) -> None:
        self.missing = missing
        super().__init__(f"{len(missing)} scores are missing")


class Unsound(Exception):
    """The case contradicts itself."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{fault.code}: {fault.text}" for fault in faults[:5]))


@dataclass(frozen=True)
class Standing:
    """A participant's result; ``rank`` and ``award`` are None while something about it is undecided."""

    aggregated: Mapping[str, Decimal | None]
    final: Mapping[str, Decimal | None]
    total: Decimal | None
    rank: int | None
    award: str | None


@dataclass(frozen=True)
class Result:
    """Standings by participant; ``contested`` share a total where awards of one level run out."""

    standings: Mapping[str, Standing]
    contested: tuple[str, ...]


def missing(case: Case) -> list[Duty]:
    """Who still has to score what."""
    return [
        Duty(judge, participant, leaf)
        for (participant, leaf), judges in case.duties().items()
        for judge in judges
        if judge not in case.scores.get((participant, leaf), {})
    ]


def reckon(case: Case) -> Result:
    """The result; Unsound for a case that contradicts itself, Unfinished while a judge is outstanding."""
    if faults := case.faults():
        raise Unsound(faults)
    if duties := missing(case):
        raise Unfinished(duties)
    aggregated = _aggregated(case)
    final = {
        cell: case.reviews[cell].value if cell in case.reviews else score
        for cell, score in aggregated.items()
    }
    totals = {one: _total(case, one, final) for one in case.participants}
    ranks = _ranks(totals, case.order)
    awarded, contested = _awarded(case, ranks)
    leaves = [leaf.code for leaf in case.tree.leaves]
    standings = {
        one: Standing(
            {leaf: aggregated[one, leaf] for leaf in leaves},
            {leaf: final[one, leaf] for leaf in leaves},
            totals[one],
            ranks.get(one),
            awarded.get(one),
        )
        for one in case.participants
    }
    return Result(standings, contested)


def _aggregated(case: Case) -> dict[Cell, Decimal | None]:
    rule, found = rules[case.rule], {}
    for cell, judges in case.duties().items():
        given = case.scores[cell]
        value = rule.combine([Mark(given[judge.code], judge.weight) for judge in judges.values()])
        found[cell] = None if value is None else rounded(value, case.places)
    return found


def _total(case: Case, participant: str, final: Mapping[Cell, Decimal | None]) -> Decimal | None:
    own = {leaf.code: final[participant, leaf.code] for leaf in case.tree.leaves}
    decided = {leaf: score for leaf, score in own.items() if score is not None}
    if len(decided) < len(own):
        return None
    if case.weighting == "points":
        reached = sum(decided.values(), ZERO)
    else:
        reached = rounded_fraction(_rate(case.tree, decided) * 100, case.places)
    return reached + sum((one.value for one in case.adjustments.get(participant, ())), ZERO)


def _rate(tree: Tree, scores: Mapping[str, Decimal], code: str = "") -> Fraction:
    """The share reached, by the weights among brothers, whatever they add up to."""
    children = tree.below(code)
    if not children:
        return Fraction(scores[code]) / Fraction(tree.standard(code))
    parts = [(Fraction(child.weight), _rate(tree, scores, child.code)) for child in children]
    return sum((weight * rate for weight, rate in parts), Fraction()) / sum(weight for weight, _ in parts)


def _ranks(totals: Mapping[str, Decimal | None], order: Mapping[str, int]) -> dict[str, int]:
    """1, 2, 2, 4: equals share a rank unless an order among them was decided."""
    keys = {one: (-total, order.get(one, 0)) for one, total in totals.items() if total is not None}
    before = sorted(keys.values())
    return {one: bisect_left(before, key) + 1 for one, key in keys.items()}


def _awarded(case: Case, ranks: Mapping[str, int]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Levels filled from the top; nobody of a group of equals that does not fit into one level as a whole."""
    groups: dict[int, list[str]] = defaultdict(list)
    for one, rank in ranks.items():
        groups[rank].append(one)
    places = [award.title for award in case.awards for _ in range(award.number)]
    found: dict[str, str] = {}
    contested: list[str] = []
    for rank, equals in sorted(groups.items()):
        levels = {places[at] if at < len(places) else None for at in range(rank - 1, rank - 1 + len(equals))}
        if len(levels) > 1:
            contested += equals
        elif level := levels.pop():
            found |= dict.fromkeys(equals, level)
    return found, tuple(contested)
