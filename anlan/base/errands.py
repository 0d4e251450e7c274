"""Work done on a phone without a network: what it takes along, and what its one outbox brings back (NF.218).

A module declares its errand; campus safety's field pages carry all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from anlan.engines.audit.api import Actor
from anlan.engines.registry.api import Sent
from anlan.kernel.registry import Registry

FIELD_PAGES = "/safety/field/"


@dataclass(frozen=True)
class Errand:
    """``take`` stores one entry of the outbox about the record ``pk`` and returns its address, each uid once.

    ``rights``: one of them lets a person work in the field. ``bring`` gives rows in JSON, each with an ``id``,
    to be kept on the phone under ``code``; ``script`` is the static file that draws its page there.
    """

    code: str
    rights: tuple[str, ...]
    take: Callable[[Actor, int, Sent], str]
    bring: Callable[[Any], list[dict[str, Any]]] | None = None
    script: str = ""


errands: Registry[Errand] = Registry("errand")


def declare_errand(errand: Errand) -> Errand:
    """Have phones take it along."""
    return errands.add(errand.code, errand)
