"""The list of checks."""

from collections.abc import Callable

from tests.conformance.world import World

Check = Callable[[World], None]
CHECKS: dict[str, Check] = {}


def check(function: Check) -> Check:
    """Decorator: every ledger has to pass this."""
    CHECKS[function.__name__] = function
    return function
