"""The same small county for every test of tasks."""

import pytest

from tests.messaging.conftest import Office


@pytest.fixture
def office(db) -> Office:
    return Office()
