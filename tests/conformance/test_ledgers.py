"""Every ledger passes every check."""

import pytest

from anlan.engines.registry.api import Ledger, ledgers
from tests.conformance.checks import CHECKS
from tests.conformance.world import World

pytestmark = pytest.mark.django_db
# What a check shows beside the requirements of its ledger.
PROVES = dict.fromkeys(
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


def marked(name: str) -> object:
    """The check as a parameter, with the requirement it shows."""
    marks = [pytest.mark.requirement(PROVES[name])] if name in PROVES else []
    return pytest.param(name, marks=marks)


@pytest.mark.parametrize("ledger", list(ledgers), ids=lambda ledger: ledger.code)
@pytest.mark.parametrize("name", [marked(name) for name in CHECKS])
def test_ledger(ledger: Ledger, name: str) -> None:
    CHECKS[name](World(ledger))
