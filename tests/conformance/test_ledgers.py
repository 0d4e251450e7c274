"""Every ledger passes every check."""

import pytest

from anlan.engines.registry.api import Ledger, ledgers
from tests.conformance.checks import CHECKS
from tests.conformance.pending import PENDING
from tests.conformance.world import World

pytestmark = pytest.mark.django_db


def every_ledger() -> list:
    """Each ledger; those not yet through the whole suite may fail without turning it red."""
    later = pytest.mark.xfail(reason="not yet through the suite, see pending.py", strict=False)
    return [
        pytest.param(ledger, id=ledger.code, marks=[later] if ledger.code in PENDING else [])
        for ledger in ledgers
    ]


@pytest.mark.parametrize("ledger", every_ledger())
@pytest.mark.parametrize("name", list(CHECKS))
def test_ledger(ledger: Ledger, name: str) -> None:
    CHECKS[name](World(ledger))
