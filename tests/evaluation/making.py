"""Rounds made on the spot."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from anlan.engines.evaluation.api import Case, Indicator, Judge, Panel, Scale, Tree


def a_leaf(code: str, most: str = "100", **said: Any) -> Indicator:
    """A scored indicator; ``step`` as text, ``options`` as title and score."""
    options = tuple((title, Decimal(score)) for title, score in said.pop("options", ()))
    scale = Scale(Decimal(most), Decimal(said.pop("step", "0.01")), options)
    return Indicator(code, f"指标{code}", scale=scale, **said)


def one_leaf(rule: str, *scores: str, weights: Sequence[str] = (), **said: Any) -> Case:
    """One participant, one indicator, as many judges as scores."""
    judges = tuple(
        Judge(f"评委{n}", Decimal(weights[n]) if weights else Decimal(1)) for n in range(len(scores))
    )
    given = {judge.code: Decimal(score) for judge, score in zip(judges, scores, strict=True)}
    tree = Tree([a_leaf("C1")])
    return Case(tree, {"K1": "一园"}, (Panel(judges),), {("K1", "C1"): given}, rule=rule, **said)


def of_totals(totals: Mapping[str, str], **said: Any) -> Case:
    """Participants whose one judge gave these totals."""
    scores = {(one, "C1"): {"评委0": Decimal(total)} for one, total in totals.items()}
    panels = (Panel((Judge("评委0"),)),)
    return Case(Tree([a_leaf("C1")]), {one: one for one in totals}, panels, scores, **said)
