"""Kindergartens being evaluated."""

import pytest

from tests.kindergarten.garden import Garden


@pytest.fixture
def garden(db: None) -> Garden:
    """Everybody concerned."""
    return Garden()
