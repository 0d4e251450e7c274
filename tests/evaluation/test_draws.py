"""Draws that anybody can recompute: exact numbers, equal chances, nobody twice; even groups."""

import hashlib
from collections import Counter
from dataclasses import replace
from itertools import product

import pytest

from anlan.engines.evaluation.api import Draw, TooFew, commitment, drawn, new_secret, shared_out, ticket

POOL = {"学科": tuple(f"E{n}" for n in range(12)), "管理": ("M1", "M2", "E3")}
DRAW = Draw(POOL, {"学科": 3, "管理": 2}, "00" * 32, "2026-11-23 3201.55")


def test_the_lowest_tickets_are_drawn_as_a_reader_of_the_rule_would_do_it() -> None:
    def by_hand(code: str) -> str:
        said = "\n".join(["00" * 32, "2026-11-23 3201.55", "1", code])
        return hashlib.sha256(said.encode()).hexdigest()

    assert ticket(DRAW, "E1") == by_hand("E1")
    assert drawn(DRAW)["学科"] == tuple(sorted(POOL["学科"], key=by_hand)[:3])
    assert drawn(DRAW) == drawn(replace(DRAW, pool={kind: codes[::-1] for kind, codes in POOL.items()}))
    assert commitment("00" * 32) == hashlib.sha256(("00" * 32).encode()).hexdigest()
    assert len({new_secret() for _ in range(20)}) == 20


def test_another_secret_public_text_or_round_draws_others() -> None:
    wide = replace(DRAW, pool={"学科": tuple(f"E{n}" for n in range(500))}, wanted={"学科": 10})
    others = [replace(wide, secret="11" * 32), replace(wide, public="3201.56"), replace(wide, number=2)]
    assert all(drawn(other) != drawn(wide) for other in others)


def test_exactly_the_wanted_numbers_and_nobody_twice() -> None:
    for n in range(200):
        found = drawn(replace(DRAW, public=str(n)))
        people = [code for codes in found.values() for code in codes]
        assert {kind: len(codes) for kind, codes in found.items()} == {"学科": 3, "管理": 2}
        assert len(set(people)) == len(people)


def test_filling_up_takes_nobody_who_was_drawn_before() -> None:
    first = frozenset(drawn(DRAW)["学科"])
    again = replace(DRAW, wanted={"学科": 9}, number=2, drawn_before=first)
    assert set(drawn(again)["学科"]) == set(POOL["学科"]) - first


def test_too_few_of_a_kind_are_named_with_their_number_and_nobody_is_drawn() -> None:
    with pytest.raises(TooFew) as refused:
        drawn(replace(DRAW, wanted={"学科": 13, "管理": 4, "新": 1}))
    assert refused.value.available == {"学科": 12, "管理": 3, "新": 0}


def test_somebody_of_two_kinds_is_left_to_the_scarcer_one() -> None:
    found = drawn(replace(DRAW, wanted={"学科": 11, "管理": 3}))
    assert set(found["管理"]) == set(POOL["管理"])
    assert "E3" not in found["学科"]


def test_everybody_has_the_same_chance() -> None:
    """Chi-square over 6,000 draws of 3 out of 12: eleven degrees of freedom, 99.9 % below 31.3."""
    rounds = 6_000
    count = Counter(
        code
        for n in range(rounds)
        for code in drawn(replace(DRAW, wanted={"学科": 3}, public=f"第 {n} 次"))["学科"]
    )
    expected = rounds * 3 / 12
    assert sum((count[code] - expected) ** 2 / expected for code in POOL["学科"]) < 31.3


@pytest.mark.parametrize(("people", "groups"), list(product((1, 7, 12, 100), (1, 2, 3, 7))))
def test_groups_differ_by_one_at_most(people: int, groups: int) -> None:
    names = [f"G{n}" for n in range(groups)]
    found = shared_out([f"T{n}" for n in range(people)], names)
    sizes = [list(found.values()).count(name) for name in names]
    assert sum(sizes) == people
    assert max(sizes) - min(sizes) <= 1


def test_another_group_is_filled_without_taking_a_reviewed_candidate_away() -> None:
    people = [f"T{n}" for n in range(9)]
    before = shared_out(people, ["甲", "乙"])
    reviewed = {one: before[one] for one in people[:4]}
    after = shared_out(people, ["甲", "乙", "丙"], reviewed)
    assert {one: after[one] for one in reviewed} == reviewed
    assert Counter(after.values()) == {"甲": 3, "乙": 3, "丙": 3}


def test_nothing_is_handed_out_without_groups_or_candidates() -> None:
    for people, groups in (([], ["甲"]), (["T1"], [])):
        with pytest.raises(ValueError, match="no "):
            shared_out(people, groups)
