"""Composing roles from declared permissions, without programming (X.4, D09.5)."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.utils.text import slugify

from anlan.engines.identity.accounts import User
from anlan.engines.identity.notes import note
from anlan.engines.org.api import Grant, Role, RolePermission, declared_permissions, declared_roles, scope
from anlan.kernel import ids
from anlan.kernel.errors import Conflict, Forbidden, Rejected

EDIT = "identity.roles.edit"


def reserved() -> set[str]:
    """Permissions declared for one of the three offices; no other role may hold them beside business
    rights.
    """
    offices = {role.code for role in declared_roles if role.office}
    everybody = {item.code for item in declared_permissions if set(item.roles) - offices}
    return {item.code for item in declared_permissions if set(item.roles) & offices} - everybody


def choices() -> dict[str, list[tuple[str, str]]]:
    """Permissions that may be put into a role, by the application they belong to."""
    closed = reserved()
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for item in declared_permissions:
        if item.code not in closed:
            found[item.code.split(".")[0]].append((item.code, item.title))
    return dict(found)


@transaction.atomic
def compose(by: User | None, role: Role | None, title: str, permissions: Iterable[str]) -> Role:
    """Make a role, or change what it holds. Forbidden for offices and for a role one holds oneself."""
    wanted = set(permissions)
    _require(by, role)
    _check(role, title, wanted)
    if role is None:
        role = Role.objects.create(code=_code(title), title=title)
    before = {"title": role.title, "permissions": sorted(held(role))}
    Role.objects.filter(pk=role.pk).update(title=title)
    role.title = title
    role.permissions.exclude(permission__in=wanted).delete()
    new = wanted - set(before["permissions"])
    RolePermission.objects.bulk_create([RolePermission(role=role, permission=code) for code in sorted(new)])
    note("role.compose", role, before=before, after={"title": title, "permissions": sorted(wanted)})
    return role


@transaction.atomic
def remove(by: User | None, role: Role) -> None:
    """Delete a composed role nobody holds. Conflict where it is in use or ready-made."""
    _require(by, role)
    if role.built_in or Grant.objects.filter(role=role).exists():
        raise Conflict("内置角色和正在使用的角色不能删除")
    note("role.remove", role, before={"title": role.title, "permissions": sorted(held(role))})
    role.delete()


def held(role: Role) -> set[str]:
    """Codes the role holds."""
    return set(role.permissions.values_list("permission", flat=True))


def _require(by: User | None, role: Role | None) -> None:
    if by is None:
        return
    if not scope(by, EDIT):
        raise Forbidden(EDIT)
    if role is not None and role.office:
        raise Forbidden(EDIT, "系统、安全、审计三类管理员的权限是固定的")
    if role is not None and Grant.objects.filter(user=by, role=role).exists():
        raise Forbidden(EDIT, "不能修改自己担任的角色")


def _check(role: Role | None, title: str, wanted: set[str]) -> None:
    if Role.objects.filter(title=title).exclude(pk=role.pk if role else 0).exists():
        raise Rejected({"title": "已有同名的角色"})
    if unknown := wanted - set(declared_permissions.codes()) - _own_variants():
        raise Rejected({"permissions": f"没有这项权限：{'、'.join(sorted(unknown))}"})
    if wanted & reserved():
        raise Rejected({"permissions": "三类管理员专有的权限不能放进其他角色"})


def _own_variants() -> set[str]:
    return {f"{code}.own" for code in declared_permissions.codes()}


def _code(title: str) -> str:
    return f"{slugify(title)[:20] or 'role'}-{str(ids.new_uid())[-8:]}"
