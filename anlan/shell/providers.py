"""What engines tell the frame: rights, the account, counts and fixed addresses, registered in ``ready()``."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.shortcuts import resolve_url

from anlan.kernel.registry import Registry


@dataclass(frozen=True)
class Badge:
    """A count of the navigation: open work (grey in the side) and overdue work (red in the rail)."""

    open: int = 0
    late: int = 0


@dataclass(frozen=True)
class Identity:
    """A duty one may switch to: words and the address that switches (by POST)."""

    title: str
    url: str
    code: str = ""


@dataclass(frozen=True)
class Account:
    """The person in the top bar: name, whose eyes (unit and duty), duties to switch to, own addresses."""

    name: str
    unit: str = ""
    duty: str = ""
    identities: tuple[Identity, ...] = ()


@dataclass(frozen=True)
class Sitting:
    """After how many seconds without use the session ends, and whose it is."""

    seconds: int
    person: int


@dataclass(frozen=True)
class Link:
    """A fixed address: search, messages, profile, display, exports, jobs, sign_out, home, sign_in,
    or keep (keeps the session alive).
    """

    code: str
    title: str
    to: str
    hint: str = ""

    @property
    def url(self) -> str:
        """The address."""
        return self.to if self.to.startswith("/") else resolve_url(self.to)


Provider = Callable[..., Any]
providers: Registry[Provider] = Registry("frame provider")
counts: Registry[Callable[[HttpRequest], Badge]] = Registry("navigation count")
links: Registry[Link] = Registry("frame link")
PROVIDERS = ("may", "account", "unread", "greeting", "mark", "idle")


def register_provider(kind: str, provider: Provider) -> None:
    """Register what the frame asks for.

    ``may(request, permission) -> bool``, ``account(request) -> Account | None``, ``unread(request) -> int``,
    ``mark(request) -> str``, ``idle(request) -> Sitting | None``.
    ValueError for another kind; one provider per kind.
    """
    if kind not in PROVIDERS:
        raise ValueError(f"unknown provider {kind!r}")
    providers.add(kind, provider)


def register_count(code: str, provider: Callable[[HttpRequest], Badge]) -> None:
    """Register the count a page or tab names as its ``badge``."""
    counts.add(code, provider)


def register_link(code: str, title: str, to: str, hint: str = "") -> None:
    """Register a fixed address of the frame; a path or the name of a URL."""
    links.add(code, Link(code, title, to, hint))


def may(request: HttpRequest, permission: str | None) -> bool:
    """Whether this person has a right. Denied when no engine answers; a page without permission is open."""
    if permission is None:
        return True
    provider = providers.get("may")
    return bool(provider and provider(request, permission))
