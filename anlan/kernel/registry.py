"""Typed registries of declarations: no duplicates, frozen once the site is up, verified by system checks."""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.core.checks import CheckMessage
from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")
_all: list["Registry[Any]"] = []


class Registry(Generic[T]):
    """Declarations of one kind by code.

    ``verify`` takes one item and yields what is wrong with it as text; each becomes an error of the system
    checks.
    """

    def __init__(self, kind: str, verify: Callable[[T], Iterator[str]] | None = None) -> None:
        self.kind = kind
        self._verify = verify
        self._items: dict[str, T] = {}
        self._frozen = False
        _all.append(self)

    def add(self, code: str, item: T) -> T:
        """Register ``item``; ImproperlyConfigured for a code taken twice or after the freeze."""
        if self._frozen:
            raise ImproperlyConfigured(f"{self.kind} {code!r} was declared after start-up")
        if code in self._items:
            raise ImproperlyConfigured(f"{self.kind} {code!r} is declared twice")
        self._items[code] = item
        return item

    def __getitem__(self, code: str) -> T:
        return self._items[code]

    def get(self, code: str) -> T | None:
        """The item, or None."""
        return self._items.get(code)

    def __contains__(self, code: object) -> bool:
        return code in self._items

    def __iter__(self) -> Iterator[T]:
        return iter(self._items.values())

    def __len__(self) -> int:
        return len(self._items)

    def codes(self) -> list[str]:
        """Every code, in order of declaration."""
        return list(self._items)

    def freeze(self) -> None:
        """Refuse further declarations."""
        self._frozen = True

    def faults(self) -> Iterator[str]:
        """What ``verify`` finds wrong, item by item."""
        for code, item in self._items.items():
            for text in self._verify(item) if self._verify else ():
                yield f"{self.kind} {code}: {text}"


def freeze_all() -> None:
    """Freeze every registry; called when the URLs of the site are first built."""
    for registry in _all:
        registry.freeze()


def check_registries(**_: object) -> list[CheckMessage]:
    """System check: every declaration of every registry is sound, also those the list of addresses makes.

    Django runs its checks in no fixed order, so the addresses are read here first.
    """
    import_module(settings.ROOT_URLCONF)
    return [CheckMessage(40, fault, id="anlan.E001") for registry in _all for fault in registry.faults()]
