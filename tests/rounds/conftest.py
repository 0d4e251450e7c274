"""The hall in which rounds are tried."""

import pytest

from tests.rounds.hall import Hall


@pytest.fixture
def hall(db: None) -> Hall:
    """Department, schools, judges and a scheme."""
    return Hall()
