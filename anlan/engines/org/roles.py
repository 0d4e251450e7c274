"""Declared roles and permissions, and their way into the database."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import AppConfig
from django.db import models, transaction
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from anlan.engines.org.grants import Role, RolePermission
from anlan.kernel.registry import Registry


@dataclass(frozen=True)
class RoleDeclaration:
    """A ready-made role; ``office`` marks one of the three separated administrators."""

    code: str
    title: str
    office: str = ""


@dataclass(frozen=True)
class PermissionDeclaration:
    """A right and the ready-made roles that hold it from the start."""

    code: str
    title: str
    roles: tuple[str, ...] = ()


declared_roles: Registry[RoleDeclaration] = Registry("role")
declared_permissions: Registry[PermissionDeclaration] = Registry("permission")


class KnownPermission(models.Model):
    """A permission already offered to its ready-made roles, so that a right taken away stays away."""

    code = models.CharField(max_length=100, unique=True)


def declare_role(code: str, title: str, office: str = "") -> RoleDeclaration:
    """Declare a ready-made role."""
    return declared_roles.add(code, RoleDeclaration(code, title, office))


def declare_permission(code: str, title: str, roles: Iterable[str] = ()) -> PermissionDeclaration:
    """Declare a right and the roles that hold it from the start."""
    return declared_permissions.add(code, PermissionDeclaration(code, title, tuple(roles)))


@receiver(post_migrate, dispatch_uid="org-sync-roles")
def _after_migrate(sender: AppConfig, **_: object) -> None:
    if sender.label == "org":
        sync_roles()


@transaction.atomic
def sync_roles() -> None:
    """Create declared roles, and give each new permission to its roles once."""
    for role in declared_roles:
        Role.objects.get_or_create(
            code=role.code, defaults={"title": role.title, "built_in": True, "office": role.office}
        )
    known = set(KnownPermission.objects.values_list("code", flat=True))
    fresh = [permission for permission in declared_permissions if permission.code not in known]
    roles = {role.code: role for role in Role.objects.all()}
    RolePermission.objects.bulk_create(
        [
            RolePermission(role=roles[code], permission=item.code)
            for item in fresh
            for code in dict.fromkeys(item.roles)
        ],
        ignore_conflicts=True,
    )
    KnownPermission.objects.bulk_create([KnownPermission(code=item.code) for item in fresh])
