"""Every ledger passes every check."""

import os
from collections.abc import Iterator

import pytest

from anlan.engines.registry.api import Ledger, ledgers
from tests.conformance.checks import CHECKS
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


# Everything on the database at hand (`make ledgers`); else pairs take turns: a check is tried on every fourth ledger,
# alternately on the two databases, and on the others at the next check.
EVERY_PAIR = any(name in os.environ for name in ("ANLAN_LEDGERS", "ANLAN_WRITE_QUERIES"))
TURNS: tuple[object, ...] = (pytest.mark.sqlite, *[None] * 3, pytest.mark.postgres, *[None] * 3)


def pairs() -> Iterator[object]:
    """Every ledger with every check, marked with what the check proves and with the database whose turn it is."""
    for row, ledger in enumerate(ledgers):
        for column, name in enumerate(CHECKS):
            marks: list[object] = [pytest.mark.requirement(PROVES[name])] if name in PROVES else []
            if not EVERY_PAIR:
                turn = TURNS[(row + column) % len(TURNS)]
                if turn is None:
                    continue
                marks.append(turn)
            yield pytest.param(ledger, name, marks=marks, id=f"{name}-{ledger.code}")


@pytest.mark.parametrize(("ledger", "name"), list(pairs()))
def test_ledger(ledger: Ledger, name: str) -> None:
    CHECKS[name](World(ledger))
