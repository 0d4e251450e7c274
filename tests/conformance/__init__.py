"""Conformance: every declared ledger and workflow is held to the rules of the house the moment it is declared."""

import pytest

pytest.register_assert_rewrite("tests.conformance.checks")
