"""Who holds a role or a right over a unit: the addressees of messages that name a duty, not a person."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q

from anlan.engines.org.api import Grant, OrgUnit


def holders(unit: OrgUnit, *, role: str = "", permission: str = "", at_unit: bool = False) -> list[Any]:
    """Active people whose grant in force reaches ``unit`` with this role or right.

    ``at_unit`` counts only grants at the unit itself, so that superiors are left out.
    """
    grants = Grant.in_force().filter(unit__closed_on=None)
    where = Q(unit=unit) if at_unit else Q(unit__code__in=unit.ancestor_codes())
    if role:
        grants = grants.filter(role__code=role)
    if permission:
        grants = grants.filter(role__permissions__permission=permission)
    users = grants.filter(where, user__is_active=True).values("user")
    return list(get_user_model().objects.filter(pk__in=users).order_by("pk"))


def nearest_holders(unit: OrgUnit, permission: str) -> list[Any]:
    """Those who hold the right closest to the unit: at the unit itself, else at the nearest superior."""
    return next(iter(rungs(unit, permission)), [])


def rungs(unit: OrgUnit, permission: str) -> list[list[Any]]:
    """Holders of the right level by level: those closest to the unit first, then those above them."""
    grants = Grant.in_force().filter(
        unit__closed_on=None, unit__code__in=unit.ancestor_codes(), role__permissions__permission=permission
    )
    levels: dict[str, set[int]] = defaultdict(set)
    for path, user in grants.filter(user__is_active=True).values_list("unit__path", "user"):
        levels[path].add(user)
    people = get_user_model().objects.in_bulk({user for users in levels.values() for user in users})
    return [[people[user] for user in sorted(levels[path])] for path in sorted(levels, key=len, reverse=True)]


def holders_at(units: Iterable[OrgUnit], permission: str) -> list[Any]:
    """Active people holding the right at one of the units themselves, each once; one query however many."""
    grants = Grant.in_force().filter(
        unit__in=[unit.pk for unit in units],
        unit__closed_on=None,
        role__permissions__permission=permission,
        user__is_active=True,
    )
    return list(get_user_model().objects.filter(pk__in=grants.values("user")).order_by("pk"))
