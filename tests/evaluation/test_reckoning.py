"""Every rule against tables worked out by hand, and against a second implementation on ten thousand random rounds."""

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

import pytest

from anlan.engines.evaluation.api import (
    Award,
    Case,
    Indicator,
    Judge,
    Panel,
    Ruling,
    Tree,
    Unfinished,
    Unsound,
    missing,
    reckon,
    rules,
)
from tests.evaluation.making import a_leaf, of_totals, one_leaf

# Worked out by hand; the first three lines are those of KG.19.
BY_HAND = (
    ("mean", "80 90 100 60", "82.50"),
    ("trimmed", "80 90 100 60", "85.00"),
    ("trimmed", "70 90 80", "80.00"),
    ("trimmed", "70 91", "80.50"),
    ("trimmed", "88", "88.00"),
    ("trimmed", "60 60 90 100 100", "83.33"),  # of equal extremes one goes: (60 + 90 + 100) / 3
    ("trimmed", "75 75 75", "75.00"),
    ("mean", "66.5 67", "66.75"),
    ("mean", "1 1 0", "0.67"),
    ("mean", "0.01 0", "0.01"),  # 0.005: halves go up
    ("mean", "33.33 33.34 33.34", "33.34"),
    ("median", "60 100 90", "90.00"),
    ("median", "60 100 90 81", "85.50"),
)


@pytest.mark.parametrize(("rule", "scores", "wanted"), BY_HAND)
def test_rules_come_to_what_was_worked_out_by_hand(rule: str, scores: str, wanted: str) -> None:
    standing = reckon(one_leaf(rule, *scores.split())).standings["K1"]
    assert str(standing.aggregated["C1"]) == str(standing.total) == wanted


@pytest.mark.parametrize(
    ("scores", "weights", "wanted"),
    [("80 90", "1 3", "87.50"), ("80 90 100", "0.2 0.2 0.1", "88.00"), ("70 71 72", "5 5 5", "71.00")],
)
def test_weights_of_judges_need_not_add_up(scores: str, weights: str, wanted: str) -> None:
    case = one_leaf("weighted", *scores.split(), weights=weights.split())
    assert str(reckon(case).standings["K1"].total) == wanted


def a_tree_of_weights(*weights: str) -> Tree:
    """Level A with weights, a leaf of 10, 20 and 30 points below each."""
    above = [Indicator(f"A{n}", f"一级{n}", weight=Decimal(weight)) for n, weight in enumerate(weights, 1)]
    below = [a_leaf(f"C{n}", str(n * 10), parent=f"A{n}") for n in range(1, len(weights) + 1)]
    return Tree([*above, *below])


@pytest.mark.parametrize(
    ("weights", "wanted"),
    [("50 30 20", "65.00"), ("5 3 2", "65.00"), ("40 30 20", "61.11"), ("1 1 1", "50.00")],
)
def test_weights_of_indicators_that_do_not_add_to_a_hundred_count_by_their_share(
    weights: str, wanted: str
) -> None:
    """Reached: all of C1, half of C2, nothing of C3; so (w1 + w2 / 2) / (w1 + w2 + w3)."""
    tree = a_tree_of_weights(*weights.split())
    scores = {
        ("K1", leaf): {"评委": Decimal(score)} for leaf, score in (("C1", "10"), ("C2", "10"), ("C3", "0"))
    }
    case = Case(tree, {"K1": "一园"}, (Panel((Judge("评委"),)),), scores, weighting="percent")
    assert str(reckon(case).standings["K1"].total) == wanted
    assert str(reckon(replace(case, weighting="points")).standings["K1"].total) == "20.00"


def test_equals_share_a_rank_until_somebody_orders_them() -> None:
    case = of_totals({"甲": "90", "乙": "95", "丙": "90", "丁": "80"})
    ranks = {one: standing.rank for one, standing in reckon(case).standings.items()}
    assert ranks == {"乙": 1, "甲": 2, "丙": 2, "丁": 4}
    ordered = reckon(replace(case, order={"丙": 1, "甲": 2})).standings
    assert [ordered[one].rank for one in "乙丙甲丁"] == [1, 2, 3, 4]


def test_levels_are_filled_from_the_top_and_equals_at_a_boundary_wait_for_a_decision() -> None:
    levels = (Award("一等奖", 1), Award("二等奖", 2))
    case = of_totals({"甲": "90", "乙": "95", "丙": "88", "丁": "80"}, awards=levels)
    awards = {one: standing.award for one, standing in reckon(case).standings.items()}
    assert awards == {"乙": "一等奖", "甲": "二等奖", "丙": "二等奖", "丁": None}
    tied = of_totals({"甲": "90", "乙": "95", "丙": "88", "丁": "88"}, awards=levels)
    result = reckon(tied)
    assert set(result.contested) == {"丙", "丁"}
    assert [result.standings[one].award for one in "丙丁"] == [None, None]
    lifted = replace(tied, adjustments={"丁": (Ruling(Decimal("0.5"), "现场复核", "科长"),)})
    assert [reckon(lifted).standings[one].award for one in "丙丁"] == [None, "二等奖"]
    both = of_totals({"甲": "90", "乙": "95", "丙": "90"}, awards=levels)
    assert [reckon(both).standings[one].award for one in "甲丙"] == ["二等奖", "二等奖"]
    assert reckon(both).contested == ()


def test_a_reviewed_score_alone_decides_and_the_aggregated_one_stays() -> None:
    case = one_leaf("mean", "80", "90")
    reviewed = replace(case, reviews={("K1", "C1"): Ruling(Decimal(70), "材料不实", "科长")})
    standing = reckon(reviewed).standings["K1"]
    assert (standing.aggregated["C1"], standing.final["C1"], standing.total) == (85, 70, 70)
    lowered = replace(case, adjustments={"K1": (Ruling(Decimal("-1.5"), "迟交", "科长"),)})
    assert str(reckon(lowered).standings["K1"].total) == "83.50"


def test_experts_who_disagree_leave_it_to_the_supervisor() -> None:
    assert reckon(one_leaf("unanimous", "100", "100")).standings["K1"].total == 100
    open_ = one_leaf("unanimous", "100", "0")
    standing = reckon(open_).standings["K1"]
    assert (standing.aggregated["C1"], standing.total, standing.rank) == (None, None, None)
    decided = replace(open_, reviews={("K1", "C1"): Ruling(Decimal(100), "核对原件", "监督员")})
    assert reckon(decided).standings["K1"].total == 100


def test_nothing_is_reckoned_while_a_judge_is_outstanding_who_is_named() -> None:
    case = one_leaf("mean", "80", "90")
    less = replace(case, scores={("K1", "C1"): {"评委0": Decimal(80)}})
    with pytest.raises(Unfinished) as refused:
        reckon(less)
    assert [(one.judge, one.participant, one.indicator) for one in refused.value.missing] == [
        ("评委1", "K1", "C1")
    ]
    assert missing(case) == []


def test_a_case_that_contradicts_itself_is_refused_with_the_place() -> None:
    case = one_leaf("mean", "80")
    stranger = replace(case, scores={("K1", "C1"): {"评委0": Decimal(80), "路人": Decimal(100)}})
    chosen = replace(case, tree=Tree([a_leaf("C1", options=[("达标", "100"), ("不达标", "0")])]))
    for wrong, words in (
        (replace(case, scores={("K1", "C1"): {"评委0": Decimal(101)}}), "应在 0 到 100 分之间"),
        (replace(case, tree=Tree([a_leaf("C1", step="3")])), "整数倍"),
        (chosen, "只能是 100、0 分"),
        (replace(case, tree=Tree([a_leaf("C1", options=[("基本达标", "50")])])), "最高分应等于标准分"),
        (replace(case, panels=()), "没有评委"),
        (stranger, "路人 不是一园的评委"),
        (replace(case, reviews={("K1", "C1"): Ruling(Decimal(101), "", "")}), "超出范围"),
    ):
        with pytest.raises(Unsound, match=words):
            reckon(wrong)


@pytest.mark.parametrize(
    ("indicators", "wanted"),
    [
        ([], "还没有指标"),
        ([a_leaf("C1"), a_leaf("C1")], "编号重复"),
        ([a_leaf("C1", parent="B9")], "没有上级指标 B9"),
        ([Indicator("A1", "甲")], "最下级指标要有标准分"),
        ([a_leaf("A1"), a_leaf("B1", parent="A1")], "有下级指标的，分值由下级相加，不能另填"),
        ([a_leaf("C1", "0")], "标准分应大于 0"),
        ([a_leaf("C1", weight=Decimal(0))], "权重应大于 0"),
        (
            [
                Indicator("A", "甲"),
                Indicator("B", "乙", "A"),
                Indicator("C", "丙", "B"),
                a_leaf("D", parent="C"),
            ],
            "指标最多三级",
        ),
        ([Indicator("A", "甲", "B"), Indicator("B", "乙", "A")], "指标最多三级"),
    ],
)
def test_an_unsound_tree_says_where(indicators: list[Indicator], wanted: str) -> None:
    assert wanted in [fault.text for fault in Tree(indicators).faults()]


def test_parents_show_the_sums() -> None:
    tree = a_tree_of_weights("1", "1")
    assert [tree.standard(code) for code in ("", "A1", "C2")] == [30, 10, 20]
    assert tree.faults() == []


# -- a second implementation, written from the text of the catalogue alone -----------------------------------


def another_way(case: Case) -> Iterator[tuple[str, Fraction, int]]:
    """Participant, total and rank, in fractions, cell by cell."""
    totals = {
        one: sum((cell(case, one, leaf.code) for leaf in case.tree.leaves), Fraction())
        for one in case.participants
    }
    for one, total in totals.items():
        yield one, total, 1 + sum(other > total for other in totals.values())


def cell(case: Case, participant: str, leaf: str) -> Fraction:
    given = [Fraction(score) for score in case.scores[participant, leaf].values()]
    weights = {judge.code: Fraction(judge.weight) for panel in case.panels for judge in panel.judges}
    if case.rule == "trimmed" and len(given) > 2:
        given.remove(max(given))
        given.remove(min(given))
    if case.rule == "median":
        given = sorted(given)[(len(given) - 1) // 2 : len(given) // 2 + 1]
    value = sum(given, Fraction()) / len(given)
    if case.rule == "weighted":
        said = case.scores[participant, leaf]
        value = sum(Fraction(said[one]) * weights[one] for one in said) / sum(weights[one] for one in said)
    return Fraction(floor(value * 10**case.places + Fraction(1, 2)), 10**case.places)


def a_random_case(chance: random.Random) -> Case:
    leaves = [
        a_leaf(f"C{n}", str(chance.choice((1, 3, 10, 100))), step="0.25") for n in range(chance.randint(1, 3))
    ]
    judges = tuple(Judge(f"评委{n}", Decimal(chance.randint(1, 7))) for n in range(chance.randint(1, 5)))
    people = {f"K{n}": f"{n}园" for n in range(chance.randint(1, 4))}

    def score(most: Any) -> Decimal:
        return Decimal(chance.randint(0, int(most * 4))) / 4

    scores = {
        (one, leaf.code): {judge.code: score(leaf.scale.most) for judge in judges if leaf.scale}
        for one in people
        for leaf in leaves
        if leaf.scale
    }
    rule = chance.choice(("mean", "trimmed", "weighted", "median"))
    return Case(Tree(leaves), people, (Panel(judges),), scores, rule=rule, places=chance.choice((0, 1, 2)))


def test_a_second_implementation_agrees_on_ten_thousand_random_rounds() -> None:
    chance = random.Random(20260901)
    used = set()
    for number in range(10_000):
        case = a_random_case(chance)
        used.add(case.rule)
        standings = reckon(case).standings
        for one, total, rank in another_way(case):
            assert (Fraction(standings[one].total or 0), standings[one].rank) == (total, rank), (number, case)
    assert used == {"mean", "trimmed", "weighted", "median"} <= set(rules.codes())
