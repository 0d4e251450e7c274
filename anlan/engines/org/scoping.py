"""Scope: which rows a person may see under a permission. One function decides, for every list,
object and file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet

from anlan.engines.org.grants import Grant
from anlan.kernel.errors import Forbidden


@dataclass(frozen=True)
class Scope:
    """Units under which a permission holds.

    ``paths`` open every row below them; ``own_paths`` open only rows that belong to the person (right
    ``….own``).
    """

    permission: str
    paths: tuple[str, ...]
    own_paths: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.paths or self.own_paths)

    def covers(self, path: str) -> bool:
        """Whether the unit at ``path`` lies inside, for rows of any owner."""
        return any(path.startswith(prefix) for prefix in self.paths)

    def at(self, path: str) -> bool:
        """Whether it holds at this very unit, not from one above."""
        return path in self.paths

    def condition(self, field: str = "org") -> Q:
        """Rows whose unit lies at or below ``paths``."""
        return below(self.paths, field)

    def own_condition(self, field: str = "org") -> Q:
        """Rows whose unit lies at or below ``own_paths``."""
        return below(self.own_paths, field)

    def inherited_condition(self, field: str = "org") -> Q:
        """Rows of the units above ``paths``: what superiors lay down for those below."""
        codes = {code for path in self.paths + self.own_paths for code in path.split("/") if code}
        return Q(**{f"{field}__code__in": sorted(codes)})


NOTHING = Q(pk__in=[])


def below(paths: Iterable[str], field: str = "org") -> Q:
    """Rows whose unit ``field`` lies at or below any of ``paths``, units themselves for an empty ``field``;
    nothing for no path.
    """
    condition, name = NOTHING, f"{field}__path" if field else "path"
    for path in paths:
        condition |= Q(**{f"{name}__startswith": path})
    return condition


def _shortest(paths: Iterable[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not any(path.startswith(above) for above in kept):
            kept.append(path)
    return tuple(kept)


def held_grants(user: Any) -> Any:
    """Grants the person acts under now: all in force, or the one duty chosen in the top bar."""
    rows = Grant.in_force().filter(user=user)
    acting = getattr(user, "acting_grant", None)
    return rows.filter(pk=acting) if acting else rows


def rights(user: Any) -> dict[str, tuple[str, ...]]:
    """Every permission of the person with the paths it holds under; read once per request."""
    cached: dict[str, tuple[str, ...]] | None = user.__dict__.get("_rights")
    if cached is not None:
        return cached
    found: dict[str, list[str]] = {}
    if user.is_authenticated and user.is_active:
        rows = held_grants(user).filter(unit__closed_on=None, role__permissions__isnull=False)
        for permission, path in rows.values_list("role__permissions__permission", "unit__path"):
            found.setdefault(permission, []).append(path)
    shortest = cache(_shortest)  # most permissions of a person hold under the same few paths
    user.__dict__["_rights"] = {name: shortest(tuple(paths)) for name, paths in found.items()}
    return user.__dict__["_rights"]  # type: ignore[no-any-return]


def scope(user: Any, permission: str) -> Scope:
    """The person's scope under ``permission``; empty (false) where the right is not held at all."""
    held = rights(user)
    return Scope(permission, held.get(permission, ()), held.get(f"{permission}.own", ()))


def require(user: Any, permission: str) -> Scope:
    """The scope, or Forbidden where the person does not hold the right anywhere."""
    found = scope(user, permission)
    if not found:
        raise Forbidden(permission)
    return found


def may(user: Any, permission: str) -> bool:
    """Whether the person holds the right anywhere."""
    return bool(scope(user, permission))


def right_holders(permission: str) -> QuerySet[Grant]:
    """Keys of the accounts that hold the right somewhere today, be it over the own rows only, as a query."""
    said = (permission, f"{permission}.own")
    grants = Grant.in_force().filter(role__permissions__permission__in=said, unit__closed_on=None)
    return grants.values("user")  # type: ignore[return-value]


def forget_rights(user: Any) -> None:
    """Read the grants anew at the next question."""
    user.__dict__.pop("_rights", None)
