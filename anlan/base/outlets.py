"""Where a report may be handed on to: an incident, a repair order, whatever a later module takes (S02.3).

A module declares its outlet; campus safety offers it to handlers and links both records.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from anlan.engines.audit.api import Actor
from anlan.engines.files.api import Attachment
from anlan.engines.org.api import OrgUnit, Record
from anlan.kernel.registry import Registry


@dataclass(frozen=True)
class Handed:
    """What is handed on: the words, place, reporter as shown, pictures, and the record it comes from."""

    org: OrgUnit
    origin: Record
    title: str
    text: str
    place: str
    category: str
    reporter: str
    pictures: Sequence[Attachment]


@dataclass(frozen=True)
class Outlet:
    """``take`` makes the receiving record inside the same transaction and gives it back; it has a page."""

    code: str
    title: str
    take: Callable[[Actor, Handed], Record]


outlets: Registry[Outlet] = Registry("outlet")


def declare_outlet(outlet: Outlet) -> Outlet:
    """Offer a place to hand reports on to."""
    return outlets.add(outlet.code, outlet)
