"""Granting: user x role x unit x period, within the granter's own rights, never to oneself (X.3, X.4,
D09.5).
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q

from anlan.engines.identity.accounts import User
from anlan.engines.identity.notes import note
from anlan.engines.org.api import Grant, OrgUnit, Role, scope
from anlan.kernel.errors import Forbidden, Rejected

ADD, ANY, VIEW = "identity.grants.add", "identity.grants.any", "identity.grants.view"
NOT_ONESELF = "不能给自己授权，请由另一位管理员办理"


def visible_grants(by: User) -> models.QuerySet[Grant]:
    """Grants at the units under the person's scope."""
    rows = Grant.objects.filter(scope(by, VIEW).condition("unit"))
    return rows.select_related("user", "role", "unit").order_by("unit__path", "user")


def beyond(by: User, role: Role, unit: OrgUnit) -> list[str]:
    """Permissions of the role the granter does not hold over the unit; those of the security office hold
    none back.
    """
    if scope(by, ANY).covers(unit.path):
        return []
    codes = role.permissions.values_list("permission", flat=True)
    return [code for code in codes if not scope(by, code.removesuffix(".own")).covers(unit.path)]


def grantable_roles(by: User, unit: OrgUnit) -> list[Role]:
    """Roles the person may hand out at the unit."""
    return [role for role in Role.objects.prefetch_related("permissions") if not _refusal(by, role, unit)]


def _refusal(by: User, role: Role, unit: OrgUnit) -> str:
    if role.office and not scope(by, ANY).covers(unit.path):
        return "系统、安全、审计管理员只能由安全保密管理员授权"
    return "超出了您自己的权限" if beyond(by, role, unit) else ""


def _require(by: User | None, user: User, role: Role, unit: OrgUnit) -> None:
    if by is None:
        return
    words = ""
    if not scope(by, ADD).covers(unit.path):
        raise Forbidden(ADD)
    if by.pk == user.pk:
        words = NOT_ONESELF
    words = words or _refusal(by, role, unit)
    if words:
        note("grant.add", user, path=unit.path, succeeded=False, after={"role": role.code, "cause": words})
        raise Forbidden(ADD, words)


def give(
    by: User | None,
    user: User,
    role: Role,
    unit: OrgUnit,
    *,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Grant:
    """Grant or change the period of a grant. Forbidden beyond one's rights; Rejected for offices that
    exclude each other.
    """
    _require(by, user, role, unit)
    try:
        return _store(user, role, unit, starts_on, ends_on)
    except ValidationError as error:
        note("grant.add", user, path=unit.path, succeeded=False, after={"role": role.code})
        raise Rejected(error.message_dict) from None


@transaction.atomic
def _store(user: User, role: Role, unit: OrgUnit, starts_on: date | None, ends_on: date | None) -> Grant:
    User.objects.select_for_update().get(pk=user.pk)
    found = Grant.objects.filter(user=user, role=role, unit=unit).first()
    before = _values(found) if found else {}
    grant = found or Grant(user=user, role=role, unit=unit)
    grant.starts_on, grant.ends_on = starts_on, ends_on
    grant.full_clean()
    grant.save()
    note("grant.add", user, path=unit.path, before=before, after=_values(grant))
    return grant


@transaction.atomic
def take_back(by: User | None, grant: Grant) -> None:
    """Take a grant back; it ends with the next request. Forbidden outside the scope and for one's own."""
    if by is not None and not scope(by, ADD).covers(grant.unit.path):
        raise Forbidden(ADD)
    if by is not None and by.pk == grant.user_id:
        raise Forbidden(ADD, "不能收回自己的授权，请由另一位管理员办理")
    before = _values(grant)
    if Grant.objects.filter(pk=grant.pk).delete()[0]:
        note("grant.remove", grant.user, path=grant.unit.path, before=before)


def _values(grant: Grant) -> dict[str, Any]:
    return {
        "role": grant.role.code,
        "unit": grant.unit.code,
        "starts_on": grant.starts_on,
        "ends_on": grant.ends_on,
    }


def holders(permission: str, unit: OrgUnit) -> models.QuerySet[User]:
    """Accounts that hold a right over the unit today."""
    codes = Q(role__permissions__permission=permission, unit__code__in=unit.ancestor_codes())
    return User.objects.usable().filter(pk__in=Grant.in_force().filter(codes).values("user"))
