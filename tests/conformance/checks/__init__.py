"""Checks of a ledger, each a function of the world that fails by assertion."""

from tests.conformance.checks import (
    asking,
    attacking,
    changing,
    counting,
    dating,
    masking,
    outputs,
    reporting,
    rights,
    seeing,
)
from tests.conformance.checks.known import CHECKS

__all__ = [
    "CHECKS",
    "asking",
    "attacking",
    "changing",
    "counting",
    "dating",
    "masking",
    "outputs",
    "reporting",
    "rights",
    "seeing",
]
