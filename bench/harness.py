"""Measure work against its floor: interleaved, medians, one JSON line."""

import gc
import json
import os
import platform
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Result:
    """Medians in milliseconds; ``goal`` is the greatest ratio allowed."""

    name: str
    work: float
    floor: float
    goal: float
    facts: dict[str, Any]

    @property
    def ratio(self) -> float:
        """How many times the floor the work takes."""
        return self.work / self.floor

    @property
    def reached(self) -> bool:
        """Whether the goal is met."""
        return self.ratio <= self.goal

    def line(self) -> str:
        """The JSON line."""
        return json.dumps(
            {
                "bench": self.name,
                "work_ms": round(self.work, 3),
                "floor_ms": round(self.floor, 3),
                "ratio": round(self.ratio, 2),
                "goal": self.goal,
                "reached": self.reached,
                "database": connection.vendor,
                "python": platform.python_version(),
                "cpus": os.cpu_count(),
                **self.facts,
            },
            ensure_ascii=False,
        )


def timed(call: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    started = perf_counter()
    call()
    return (perf_counter() - started) * 1000


def measure(
    name: str,
    *,
    work: Callable[[], object],
    floor: Callable[[], object],
    goal: float,
    rounds: int = 31,
    warm: int = 3,
    **facts: Any,
) -> Result:
    """Run both in turn, so that a noisy machine disturbs both alike, and print the JSON line."""
    for _ in range(warm):
        work()
        floor()
    gc.collect()
    gc.disable()
    try:
        pairs = [(timed(work), timed(floor)) for _ in range(rounds)]
    finally:
        gc.enable()
    result = Result(name, median(a for a, _ in pairs), median(b for _, b in pairs), goal, facts)
    print(result.line(), flush=True)
    return result
