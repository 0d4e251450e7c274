"""What devices say, between the door that lets them in and the modules that listen (D02.5).

The register of devices provides itself with :func:`provide_devices`; each module declares the signals it takes with
:func:`declare_signal`. A signal is taken inside the door's transaction, and a refusal of the module refuses it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anlan.engines.audit.api import Actor
from anlan.engines.org.api import OrgUnit, Record
from anlan.kernel.registry import Registry


@dataclass(frozen=True)
class KnownDevice:
    """A registered device as other modules see it; ``where`` is in words, ``zone`` that of alarms,
    broadcasts or entrances.
    """

    record: Record
    code: str
    title: str
    family: str
    where: str
    zone: str
    in_use: bool


@dataclass(frozen=True)
class Signal:
    """One thing a device said at ``at``; ``data`` is as sent, ``key`` names it among all of its source."""

    actor: Actor
    device: KnownDevice
    at: datetime
    data: Mapping[str, Any]
    key: str


@dataclass(frozen=True)
class Tested:
    """Event: a device showed in a test that it works; its register counts that as the check it owes."""

    actor: Actor
    device: Record
    at: datetime
    note: str


@dataclass(frozen=True)
class SignalKind:
    """``families`` of devices may say it (none: all); ``once``: taken once for its id, however often it is sent."""

    code: str
    title: str
    take: Callable[[Signal], str | None]
    families: tuple[str, ...] = ()
    once: bool = True


Finder = Callable[[OrgUnit, str], KnownDevice | None]
Lister = Callable[[OrgUnit, str], list[KnownDevice]]
signal_kinds: Registry[SignalKind] = Registry("signal of devices")
_registers: list[tuple[Finder, Lister]] = []


def declare_signal(
    code: str, title: str, take: Callable[[Signal], str | None], families: str = "", *, once: bool = True
) -> SignalKind:
    """Let devices of these families say ``code``; ``take`` may refuse it with Rejected or Conflict.

    What it returns is the answer the device is given, also when it asks again.
    """
    return signal_kinds.add(code, SignalKind(code, title, take, tuple(families.split()), once))


def provide_devices(find: Finder, family: Lister) -> None:
    """Make ``find(unit, code)`` and ``family(unit, family)`` the register of devices."""
    _registers[:] = [(find, family)]


def known_device(unit: OrgUnit, code: str) -> KnownDevice | None:
    """The device of the unit with this code; None where there is none."""
    return _registers[0][0](unit, code) if _registers else None


def devices_of(unit: OrgUnit, family: str) -> list[KnownDevice]:
    """The unit's devices of a family, by code."""
    return _registers[0][1](unit, family) if _registers else []
