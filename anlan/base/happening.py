"""Something that happened, noticed by any module, becomes an incident record, once (S04.4).

A module publishes :class:`Happened` inside its own transaction; campus safety files the incident and answers with
:class:`Recorded`.
"""

from dataclasses import dataclass
from datetime import datetime

from anlan.engines.audit.api import Actor
from anlan.engines.org.api import Record


@dataclass(frozen=True)
class Happened:
    """Event: ``record`` (a line of the duty log …) tells of an incident at its unit."""

    actor: Actor
    record: Record
    title: str
    course: str
    happened_at: datetime
    place: str = ""


@dataclass(frozen=True)
class Recorded:
    """Event: what happened has its incident record, at the address ``url``."""

    actor: Actor
    record: Record
    url: str
