"""The hall in which rounds are tried."""

import pytest

from tests.rounds.hall import Hall
from tests.turns import by_turns


@pytest.fixture(params=by_turns(["safety_assessment", "moral_assessment", "kindergarten"]))
def hall(db: None, request: pytest.FixtureRequest) -> Hall:
    """Department, schools, judges and a scheme."""
    return Hall(request.param)
