"""Grants that follow from base records: a post held, a team membership, a grid kept.

Tasks, to-dos and messages are addressed by right and unit, so a change of holder moves them at once
(D09.3, D01.13). Grants given by hand are left alone: only those listed here are taken back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from anlan.engines.org.api import Grant, OrgUnit, Record, Role, forget_rights

LOADING = "load"
"""Channel of bulk loaders, which derive grants themselves with :func:`derive_many`."""


class DerivedGrant(models.Model):
    """Which record a grant follows from."""

    model = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    grant = models.ForeignKey(Grant, models.CASCADE, related_name="derived_from")

    class Meta:
        indexes = [models.Index(fields=["model", "object_id"], name="base_derived_object")]


@dataclass(frozen=True)
class Wanted:
    """A grant that ought to exist."""

    role: str
    unit: OrgUnit
    starts_on: date | None = None
    ends_on: date | None = None


def _reasons(record: Record) -> models.QuerySet[DerivedGrant]:
    return DerivedGrant.objects.filter(model=record._meta.label_lower, object_id=record.pk)


def _drop(record: Record) -> None:
    held = list(_reasons(record).values_list("grant", flat=True))
    _reasons(record).delete()
    still = DerivedGrant.objects.filter(grant__in=held).values("grant")
    Grant.objects.filter(pk__in=held).exclude(pk__in=still).delete()


def derive_grants(record: Record, user: Any, wanted: Iterable[Wanted]) -> None:
    """Make the grants that follow from ``record`` exactly ``wanted``; no ``user`` takes them all back."""
    _drop(record)
    if user is None:
        return
    roles = {role.code: role for role in Role.objects.all()}
    for item in wanted:
        period = {"starts_on": item.starts_on, "ends_on": item.ends_on}
        grant, made = Grant.objects.get_or_create(
            user=user, role=roles[item.role], unit=item.unit, defaults=period
        )
        if made or grant.derived_from.exists():
            DerivedGrant.objects.create(model=record._meta.label_lower, object_id=record.pk, grant=grant)
    forget_rights(user)


def derive_many(items: Iterable[tuple[Record, Any, Iterable[Wanted]]]) -> None:
    """The same for many new records at once, in few statements."""
    pairs = [(record, user, want) for record, user, wanted in items if user is not None for want in wanted]
    roles = dict(Role.objects.values_list("code", "pk"))
    keys = {(user.pk, roles[want.role], want.unit.pk): want for _, user, want in pairs}
    taken = set(Grant.objects.filter(user__in={key[0] for key in keys}).values_list("user", "role", "unit"))
    Grant.objects.bulk_create(
        [
            Grant(
                user_id=key[0], role_id=key[1], unit_id=key[2], starts_on=want.starts_on, ends_on=want.ends_on
            )
            for key, want in keys.items()
            if key not in taken
        ],
        batch_size=500,
    )
    made = {
        (user, role, unit): pk
        for pk, user, role, unit in Grant.objects.filter(role__in=roles.values()).values_list(
            "pk", "user", "role", "unit"
        )
    }
    DerivedGrant.objects.bulk_create(
        [
            DerivedGrant(model=record._meta.label_lower, object_id=record.pk, grant_id=made[key])
            for record, user, want in pairs
            if (key := (user.pk, roles[want.role], want.unit.pk)) not in taken
        ],
        batch_size=500,
    )
