"""Every request of these tests is watched by the witness."""

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def witnessed(settings: Any) -> None:
    """What a request writes has its entry in the trail, or the test fails."""
    settings.MIDDLEWARE = ["tests.witness.WitnessMiddleware", *settings.MIDDLEWARE]
