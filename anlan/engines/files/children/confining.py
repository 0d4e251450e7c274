"""What every child does: limit itself, work, print JSON lines. A misused parser takes only it along."""

import datetime as dt
import json
import resource
import sys
from collections.abc import Callable
from typing import Any


def confine(memory: int, seconds: int) -> None:
    """Bound memory and processor time, and forbid writing files."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def say(value: Any) -> None:
    """Print one JSON line."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=tagged) + "\n")


def fail(code: str) -> None:
    """Say why the file cannot be read, and stop."""
    say({"error": code})
    sys.stdout.flush()
    sys.exit(3)


def tagged(value: Any) -> dict[str, str]:
    """Days, moments and times as JSON with a tag."""
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time()
        return {"$d": value.date().isoformat()} if midnight else {"$m": value.isoformat()}
    if isinstance(value, dt.date):
        return {"$d": value.isoformat()}
    if isinstance(value, (dt.time, dt.timedelta)):
        return {"$t": str(value)}
    raise TypeError(type(value).__name__)


def run(work: Callable[..., None]) -> None:
    """Main of a child: ``path memory seconds number…`` on the command line."""
    path, memory, seconds, *numbers = sys.argv[1:]
    confine(int(memory), int(seconds))
    try:
        work(path, *map(int, numbers))
    except MemoryError:
        fail("memory")
    sys.stdout.flush()
