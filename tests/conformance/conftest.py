"""Every request of these tests is watched by the witness."""

import os
from typing import Any

import pytest

from tests.conformance.sheet import results, sheet


@pytest.fixture(autouse=True)
def witnessed(settings: Any) -> None:
    """What a request writes has its entry in the trail, or the test fails."""
    settings.MIDDLEWARE = ["tests.witness.WitnessMiddleware", *settings.MIDDLEWARE]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """``make ledgers`` ends with the table of all ledgers."""
    if os.environ.get("ANLAN_LEDGERS"):
        terminalreporter.section("ledgers")
        for line in sheet(results(terminalreporter.stats)):
            terminalreporter.write_line(line)
