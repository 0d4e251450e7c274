"""Findings of any module that must go through the closed loop of hazards (D03.1).

A module publishes :class:`Found` inside its own transaction; campus safety files the hazard, links it back and
answers with :class:`Filed`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from anlan.engines.audit.api import Actor
from anlan.engines.files.api import Attachment
from anlan.engines.org.api import Record


@dataclass(frozen=True)
class Found:
    """Event: ``record`` (an incident, a patrol of devices …) holds a finding at its unit.

    ``source`` is a code of the sources of hazards (incident, tech …), ``category`` the code of a risk category;
    ``key`` tells several findings of one record apart. ``pictures`` are carried over as taken before the work.
    """

    actor: Actor
    record: Record
    source: str
    title: str
    category: str
    detail: str = ""
    place: str = ""
    found_at: datetime | None = None
    reporter: str = ""
    pictures: Sequence[Attachment] = ()
    key: str = ""


@dataclass(frozen=True)
class Filed:
    """Event: the finding of ``record`` has its hazard, at the address ``url``."""

    actor: Actor
    record: Record
    key: str
    url: str
