"""Events: frozen dataclasses owned by their publisher; handlers run at once,
inside the publisher's transaction.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

E = TypeVar("E")
_handlers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)


def on(kind: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Decorator: call the function for every event of exactly this class."""

    def register(handler: Callable[[E], None]) -> Callable[[E], None]:
        if handler not in _handlers[kind]:
            _handlers[kind].append(handler)
        return handler

    return register


def publish(event: object) -> None:
    """Run every handler of the event's class; a failing handler fails the whole change."""
    for handler in _handlers[type(event)]:
        handler(event)
