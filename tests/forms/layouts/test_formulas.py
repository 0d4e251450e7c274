"""Formulas: the small language, exact decimals, circles and what is refused."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anlan.engines.forms.layouts.computing import computed, order_of, plain
from anlan.engines.forms.layouts.formulas import moved, parse
from anlan.kernel.errors import Rejected

CELLS = {"A1": Decimal("0.1"), "A2": Decimal("0.2"), "A3": None, "A4": "无"}


@pytest.mark.parametrize(
    ("formula", "result"),
    [
        ("A1+A2", "0.3"),
        ("=SUM(A1:A4)", "0.3"),
        ("AVERAGE(A1:A3)", "0.15"),
        ("COUNT(A1:A4)", "2"),
        ("MAX(A1:A4)-MIN(A1:A4)", "0.1"),
        ('IF(A1<A2,"少","多")', "少"),
        ('IF(A4="无",0,1)', "0"),
        ("ROUND(2/3,2)", "0.67"),
        ("ROUND(0.125,2)", "0.13"),
        ("-A1*(2+3)", "-0.5"),
        ("A3+1", "1"),
        ("sum(a1:a2)*10", "3"),
    ],
)
def test_a_formula_gives_what_a_spreadsheet_gives_without_rounding_errors(formula: str, result: str):
    assert plain(computed({"Z1": formula}, CELLS)["Z1"]) == result


@pytest.mark.parametrize(
    "formula",
    [
        "VLOOKUP(A1,B1:B2,2)", "A1&A2", "[1]Sheet1!A1", "Sheet2!A1", "SUM(", "1+", "ROUND(1)", "A1:B2:C3", "",
        "__import__('os').system('x')", "1 2", "=" * 3, "(" * 60 + "1" + ")" * 60, "1" * 600, "SUM(A1:ZZ9999)",
    ],
)  # fmt: skip
def test_anything_outside_the_language_is_refused_with_words(formula: str):
    with pytest.raises(Rejected) as refused:
        parse(formula)
    assert refused.value.message


def test_a_circle_is_refused_and_named():
    with pytest.raises(Rejected, match="A1 → B1 → C1 → A1"):
        order_of({"A1": "B1", "B1": "C1+1", "C1": "A1"})


def test_long_chains_are_computed_in_the_right_order():
    chain = {f"A{row}": f"A{row + 1}+1" for row in range(1, 3000)}
    assert computed(chain, {"A3000": Decimal(1)})["A1"] == 3000


def test_a_cell_leaning_on_one_without_a_value_has_none_either():
    said = computed({"B1": "1/A3", "C1": "B1+1", "D1": "SUM(B1:C1)", "E1": "1+1"}, CELLS)
    assert set(said) == {"E1"}


def test_huge_powers_cost_nothing_and_give_nothing():
    squares = {f"A{row}": f"A{row - 1}*A{row - 1}" for row in range(2, 3000)}
    said = computed(squares, {"A1": Decimal("999999999999999")})
    assert "A2999" not in said


@given(st.lists(st.decimals(-(10**9), 10**9, places=4), min_size=1, max_size=30))
def test_sums_and_averages_are_exact(numbers: list[Decimal]):
    cells = {f"B{row}": number for row, number in enumerate(numbers, 1)}
    said = computed(
        {"C1": f"SUM(B1:B{len(numbers)})", "C2": f"AVERAGE(B1:B{len(numbers)})*COUNT(B1:B{len(numbers)})"},
        cells,
    )
    assert said["C1"] == sum(numbers)
    assert abs(said["C2"] - sum(numbers)) < Decimal("0.000001")


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str):
    with suppress(Rejected):
        computed({"Z1": text}, CELLS)


def test_a_shared_formula_moves_with_its_cell_but_for_fixed_parts_and_text():
    assert moved('SUM(B$2:$C3)+IF(A1="B2",1,ROUND(D4,2))', 1, 1) == 'SUM(C$2:$C4)+IF(B2="B2",1,ROUND(E5,2))'
