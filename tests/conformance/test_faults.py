"""The suite itself is tried: with any of these faults planted it must turn red."""

import pytest
from django.core.exceptions import ObjectDoesNotExist

from anlan.engines.registry import rendering
from anlan.engines.registry.api import ledgers
from anlan.engines.workflow.api import flows
from tests.conformance import dating_faults, more_faults, test_workflows
from tests.conformance.checks import CHECKS
from tests.conformance.faults import FAULTS, LAMPS, Fault
from tests.conformance.world import World

assert dating_faults
assert more_faults
RED = (AssertionError, pytest.fail.Exception, ObjectDoesNotExist)
pytestmark = pytest.mark.django_db


def run(name: str, ledger: str = LAMPS) -> None:
    """One check of the ledger, or one test of the workflow."""
    if name in CHECKS:
        CHECKS[name](World(ledgers[ledger]))
    else:
        getattr(test_workflows, name)(flows[LAMPS])


@pytest.mark.sqlite  # the suite is tried, no database
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_turns_the_suite_red(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    fault.plant(monkeypatch)
    try:
        with pytest.raises(RED):
            run(fault.noticed_by, fault.ledger)
    finally:
        rendering.columns_of.cache_clear()
        rendering.renderer.cache_clear()


@pytest.mark.sqlite
@pytest.mark.parametrize(("name", "ledger"), sorted({(fault.noticed_by, fault.ledger) for fault in FAULTS}))
def test_without_a_fault_the_same_checks_are_green(name: str, ledger: str) -> None:
    run(name, ledger)


def test_enough_faults_are_planted() -> None:
    assert len({fault.name for fault in FAULTS}) >= 24
