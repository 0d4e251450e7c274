"""Every ledger passes every check."""

import pytest

from anlan.engines.registry.api import Ledger, ledgers
from tests.conformance.checks import CHECKS
from tests.conformance.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("ledger", list(ledgers), ids=lambda ledger: ledger.code)
@pytest.mark.parametrize("name", list(CHECKS))
def test_ledger(ledger: Ledger, name: str) -> None:
    CHECKS[name](World(ledger))
