"""Chains: every record knows what it came from and what came of it, and none stands still unseen (X.2).

A domain declares for each of its models the records before and after it; pages, the report of stalled chains and
the tests follow. Links are never deleted: :class:`Record` refuses it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from anlan.engines.org.api import Record
from anlan.kernel import clock
from anlan.kernel.registry import Registry

Neighbours = Callable[[Any], Iterable[Record]]


def _none(record: Any) -> Iterable[Record]:
    return ()


@dataclass(frozen=True)
class Link:
    """A model in a chain; ``awaiting`` are its rows that somebody still has to move (None: it never waits)."""

    model: type[Record]
    before: Neighbours = _none
    after: Neighbours = _none
    awaiting: Q | None = None

    def stalled(self, rows: Any, days: int) -> Any:
        """Those of ``rows`` that wait and have not moved for longer than ``days``, longest first."""
        limit = clock.now() - timedelta(days=days)
        found = rows.filter(archived_at=None, updated_at__lt=limit)
        return found.filter(self.awaiting).order_by("updated_at", "pk") if self.awaiting else found.none()


links: Registry[Link] = Registry("chain link")


def chain(
    model: type[Record], *, before: Neighbours = _none, after: Neighbours = _none, awaiting: Q | None = None
) -> Link:
    """Put a model into its chain; see :class:`Link`."""
    return links.add(model._meta.label_lower, Link(model, before, after, awaiting))


def link_of(model: type[models.Model]) -> Link | None:
    """How records of a model are linked, if they are."""
    return links.get((model._meta.concrete_model or model)._meta.label_lower)
