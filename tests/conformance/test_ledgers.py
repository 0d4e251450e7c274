"""Every ledger passes every check."""

import os
from collections.abc import Iterator

import pytest

from anlan.engines.registry.api import Ledger, ledgers
from tests.conformance.checks import CHECKS, asking, attacking, reporting
from tests.conformance.world import World

pytestmark = pytest.mark.django_db
# What a check shows beside the requirements of its ledger.
ASKING = (
    "searches_take_parts_of_words_and_odd_characters_as_they_are",
    "every_filter_finds_what_it_names_and_nothing_else",
    "filters_of_schools_narrow_together",
    "no_row_is_lost_or_doubled_between_pages",
    "an_empty_answer_says_so_and_shows_the_way_out",
)
# The first page of 200,000 rows is measured by bench/imports.py.
PROVES = dict.fromkeys(ASKING, "X.21") | dict.fromkeys(
    (
        "attacks_on_the_form_are_refused_or_kept_as_text",
        "attacks_on_moves_are_refused_or_kept_as_text",
        "attacks_on_the_interface_are_refused_or_kept_as_text",
        "attacks_in_a_sheet_are_refused_or_kept_as_text",
        "junk_and_floods_on_the_form_are_refused",
        "junk_in_the_address_is_plain_text",
        "forged_requests_fail",
    ),
    "MLPS.12",
)
PROVES |= dict.fromkeys(
    ("registering_twice_stores_once_and_is_written_down", "a_change_is_written_down_with_both_values"),
    "NF.216",
)
PROVES |= dict.fromkeys(
    (
        "the_list_is_masked",
        "the_record_page_and_its_history_are_masked",
        "looking_behind_the_mask_needs_the_right_and_is_written_down",
    ),
    "MLPS.20",
)


# Everything on the database at hand (`make ledgers`); else pairs take turns on the two databases.
EVERY_PAIR = any(name in os.environ for name in ("ANLAN_LEDGERS", "ANLAN_WRITE_QUERIES"))
# Mostly the engine's own code, whatever the ledger: each is tried on a quarter of the ledgers.
ALIKE = {asking.__name__, attacking.__name__, reporting.__name__}
# Many pages each: on a quarter of the ledgers. All others are tried on three ledgers of eight.
LONG = {
    "searches_find_the_own_units_only",
    "every_view_filter_size_and_order_answers",
    "looking_is_not_acting",
    "no_row_costs_a_query",
}


def turns(name: str) -> list[object]:
    """The databases on which ledger after ledger is tried; None: on neither."""
    both: list[object] = [pytest.mark.sqlite, pytest.mark.postgres]
    if CHECKS[name].__module__ in ALIKE:
        return [*both, *[None] * 6]
    if name in LONG:
        return [*both, *[None] * 6]
    return [*both, None, None, None, pytest.mark.sqlite, None, None]


def pairs() -> Iterator[object]:
    """Every ledger with every check, marked with what the check proves and with the database whose turn it is."""
    for row, ledger in enumerate(ledgers):
        for column, name in enumerate(CHECKS):
            marks: list[object] = [pytest.mark.requirement(PROVES[name])] if name in PROVES else []
            if not EVERY_PAIR:
                turn = turns(name)[(row + column) % len(turns(name))]
                if turn is None:
                    continue
                marks.append(turn)
            yield pytest.param(ledger, name, marks=marks, id=f"{name}-{ledger.code}")


@pytest.mark.parametrize(("ledger", "name"), list(pairs()))
def test_ledger(ledger: Ledger, name: str) -> None:
    CHECKS[name](World(ledger))
