"""People in a roster without the valid proof their post asks for: a warning, and a list for those above (N1.23)."""

from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from anlan.base.rostering import schemes
from anlan.domains.duty.rosters import Roster, Turn

NOBODY = Q(pk__in=[])


def unproved() -> Q:
    """Condition on turns: the scheme asks for a proof that the person does not hold on the day of the shift."""
    asking = ((scheme.code, scheme.unproved) for scheme in schemes if scheme.unproved)
    return reduce(or_, (Q(roster__scheme=code) & lacks() for code, lacks in asking), NOBODY)


def doubts_of(roster: Roster) -> list[Turn]:
    """Turns of the roster to be warned of, in order of time; no query where the scheme asks for no proof."""
    return _among(Turn.objects.unscoped().filter(roster=roster)) if roster.kind.unproved else []


def doubted(turn: Turn) -> bool:
    """Whether this one is."""
    return bool(turn.roster.kind.unproved and _among(Turn.objects.unscoped().filter(pk=turn.pk)))


def _among(rows: Any) -> list[Turn]:
    found = rows.filter(unproved(), archived_at=None).select_related("person", "watch__place")
    return list(found.order_by("begins_at", "pk"))
