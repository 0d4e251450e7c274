"""Who acts, from where, and by which way in; carried beside every change."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class Actor:
    """``channel`` is web, phone, api, import, job or system;
    ``reason`` is what the person gave for the act.
    """

    user: Any = None
    name: str = "系统"
    ip: str = ""
    channel: str = "system"
    reason: str = ""

    @classmethod
    def of(cls, request: HttpRequest, channel: str = "web", reason: str = "") -> "Actor":
        """The signed-in person behind a request."""
        user = request.user if request.user.is_authenticated else None
        name = user.name if user is not None else "访客"
        return cls(user, name, request.META.get("REMOTE_ADDR", ""), channel, reason)

    @classmethod
    def person(cls, user: Any, channel: str = "job") -> "Actor":
        """A person on whose behalf the system works, outside a request."""
        return cls(user, user.name, "", channel)


SYSTEM = Actor()
_current: ContextVar[Actor] = ContextVar("anlan_actor", default=SYSTEM)


def current_actor() -> Actor:
    """The actor of the running request or job."""
    return _current.get()


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """Make ``actor`` the current one inside the block."""
    token = _current.set(actor)
    try:
        yield actor
    finally:
        _current.reset(token)
