"""Cases and results as plain values, the way they stand in a file; decimals as text."""

from decimal import Decimal
from typing import Any

from anlan.engines.evaluation.cases import Award, Case, Judge, Panel, Ruling
from anlan.engines.evaluation.reckoning import Result
from anlan.engines.evaluation.scales import Scale
from anlan.engines.evaluation.trees import Indicator, Tree


def _ruling_out(one: Ruling) -> dict[str, str]:
    return {"value": str(one.value), "reason": one.reason, "by": one.by}


def _ruling_in(said: dict[str, str]) -> Ruling:
    return Ruling(Decimal(said["value"]), said["reason"], said["by"])


def _indicator_out(one: Indicator) -> dict[str, Any]:
    scale = one.scale and {
        "most": str(one.scale.most),
        "step": str(one.scale.step),
        "options": [[title, str(score)] for title, score in one.scale.options],
    }
    return {
        "code": one.code,
        "title": one.title,
        "parent": one.parent,
        "scale": scale,
        "weight": str(one.weight),
    }


def _indicator_in(said: dict[str, Any]) -> Indicator:
    scale = said["scale"] and Scale(
        Decimal(said["scale"]["most"]),
        Decimal(said["scale"]["step"]),
        tuple((title, Decimal(score)) for title, score in said["scale"]["options"]),
    )
    return Indicator(said["code"], said["title"], said["parent"], scale, Decimal(said["weight"]))


def _panel_out(one: Panel) -> dict[str, Any]:
    judges = {judge.code: str(judge.weight) for judge in one.judges}
    return {"judges": judges, "indicators": list(one.indicators), "participants": list(one.participants)}


def _panel_in(said: dict[str, Any]) -> Panel:
    judges = tuple(Judge(code, Decimal(weight)) for code, weight in said["judges"].items())
    return Panel(judges, tuple(said["indicators"]), tuple(said["participants"]))


def tree_out(tree: Tree) -> list[dict[str, Any]]:
    """The indicators of a tree, in order."""
    return [_indicator_out(one) for one in tree.indicators]


def tree_in(said: list[dict[str, Any]]) -> Tree:
    """The tree again; KeyError, TypeError, ValueError or InvalidOperation for anything else."""
    return Tree(_indicator_in(one) for one in said)


def case_out(case: Case) -> dict[str, Any]:
    """A case in dicts, lists and text."""
    scores: dict[str, dict[str, dict[str, str]]] = {}
    for (participant, leaf), given in case.scores.items():
        scores.setdefault(participant, {})[leaf] = {judge: str(score) for judge, score in given.items()}
    reviews: dict[str, dict[str, Any]] = {}
    for (participant, leaf), ruling in case.reviews.items():
        reviews.setdefault(participant, {})[leaf] = _ruling_out(ruling)
    return {
        "indicators": tree_out(case.tree),
        "participants": dict(case.participants),
        "panels": [_panel_out(one) for one in case.panels],
        "scores": scores,
        "rule": case.rule,
        "weighting": case.weighting,
        "places": case.places,
        "reviews": reviews,
        "adjustments": {one: [_ruling_out(each) for each in said] for one, said in case.adjustments.items()},
        "order": dict(case.order),
        "awards": [[award.title, award.number] for award in case.awards],
    }


def case_in(said: dict[str, Any]) -> Case:
    """The case again; KeyError, TypeError, ValueError or InvalidOperation for anything else."""
    if said["weighting"] not in ("points", "percent"):
        raise ValueError(said["weighting"])
    return Case(
        tree=tree_in(said["indicators"]),
        participants=said["participants"],
        panels=tuple(_panel_in(one) for one in said["panels"]),
        scores={
            (one, leaf): {judge: Decimal(score) for judge, score in given.items()}
            for one, leaves in said["scores"].items()
            for leaf, given in leaves.items()
        },
        rule=said["rule"],
        weighting=said["weighting"],
        places=int(said["places"]),
        reviews={
            (one, leaf): _ruling_in(ruling)
            for one, leaves in said["reviews"].items()
            for leaf, ruling in leaves.items()
        },
        adjustments={one: tuple(map(_ruling_in, made)) for one, made in said["adjustments"].items()},
        order={one: int(place) for one, place in said["order"].items()},
        awards=tuple(Award(title, int(number)) for title, number in said["awards"]),
    )


def result_out(result: Result) -> dict[str, Any]:
    """A result in dicts, lists and text."""

    def plain(scores: Any) -> dict[str, str | None]:
        return {leaf: None if score is None else str(score) for leaf, score in scores.items()}

    return {
        "standings": {
            one: {
                "aggregated": plain(standing.aggregated),
                "final": plain(standing.final),
                "total": None if standing.total is None else str(standing.total),
                "rank": standing.rank,
                "award": standing.award,
            }
            for one, standing in result.standings.items()
        },
        "contested": list(result.contested),
    }
