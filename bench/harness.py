"""Measure work against its floor: interleaved, medians, one JSON line."""

import gc
import json
import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Result:
    """What was measured: ``value`` in ``unit``, and the goal as a bound of ``against``."""

    name: str
    reached: bool
    facts: dict[str, Any]

    def line(self) -> str:
        """The JSON line."""
        place = {
            "database": connection.vendor,
            "python": platform.python_version(),
            "cpus": os.cpu_count(),
            "load": round(os.getloadavg()[0], 1),
        }
        said = {"bench": self.name, "reached": self.reached, **self.facts, **place}
        return json.dumps(said, ensure_ascii=False)


def told(result: Result) -> Result:
    """Print the JSON line."""
    print(result.line(), flush=True)
    return result


def timed(call: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    started = perf_counter()
    call()
    return (perf_counter() - started) * 1000


def server_time(call: Callable[[], object]) -> float:
    """Milliseconds that the database itself says it took to plan and carry out the statements of a call.

    Time on the wire and waiting for a busy machine's processor are left out.
    """
    statements: list[tuple[str, Any]] = []

    def noted(execute: Callable[..., Any], statement: str, values: Any, *rest: Any) -> Any:
        statements.append((statement, values))
        return execute(statement, values, *rest)

    with connection.execute_wrapper(noted):
        call()
    return sum(_explained(*one) for one in statements)


def _explained(statement: str, values: Any) -> float:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}", values)
        plan = cursor.fetchone()[0][0]
    return float(plan["Planning Time"] + plan["Execution Time"])


def fetch(statement: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    """Rows of a statement, past the ORM."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def measured(name: str, times: Sequence[float], *, limit_ms: float, **facts: Any) -> Result:
    """A median against an absolute limit."""
    found = median(times)
    return told(Result(name, found <= limit_ms, {"work_ms": round(found, 3), "limit_ms": limit_ms, **facts}))


def measure(
    name: str,
    *,
    work: Callable[[], object],
    floor: Callable[[], object],
    goal: float,
    rounds: int = 31,
    warm: int = 3,
    clock: Callable[[Callable[[], object]], float] = timed,
    **facts: Any,
) -> Result:
    """Run both in turn, so that a noisy machine disturbs both alike; ``goal`` is the greatest ratio allowed."""
    for _ in range(warm):
        work()
        floor()
    gc.collect()
    gc.disable()
    try:
        pairs = [(clock(work), clock(floor)) for _ in range(rounds)]
    finally:
        gc.enable()
    took, bare = median(a for a, _ in pairs), median(b for _, b in pairs)
    said = {
        "work_ms": round(took, 3),
        "floor_ms": round(bare, 3),
        "ratio": round(took / bare, 2),
        "goal": goal,
    }
    return told(Result(name, took / bare <= goal, said | facts))
