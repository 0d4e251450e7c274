"""Long parametrised tests of one engine's code: each case on one of the two databases, by turns."""

from collections.abc import Callable, Iterable
from itertools import cycle
from typing import Any

import pytest


def by_turns(cases: Iterable[Any], name: Callable[[Any], str] = str) -> list[Any]:
    """Parameters of ``pytest.mark.parametrize``; ``name`` says how a case is called."""
    turns = cycle((pytest.mark.sqlite, pytest.mark.postgres))
    return [pytest.param(case, marks=turn, id=name(case)) for case, turn in zip(cases, turns, strict=False)]
