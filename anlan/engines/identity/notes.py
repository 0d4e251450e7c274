"""What happened to accounts and rights, told upwards: the audit engine writes each note into the trail."""

from dataclasses import dataclass, field
from typing import Any

from django.db import models

from anlan.kernel import events


@dataclass(frozen=True)
class Noted:
    """Event: an act worth keeping. ``user`` stands in where the request has nobody signed in yet."""

    action: str
    target: models.Model | None = None
    user: Any = None
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    title: str = ""
    path: str = ""
    reason: str = ""
    succeeded: bool = True


def note(action: str, target: models.Model | None = None, **values: Any) -> None:
    """Publish a :class:`Noted`; inside a transaction it is kept or lost together with the change."""
    events.publish(Noted(action, target, **values))
