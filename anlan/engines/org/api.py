"""The org engine's door: units, grants, scope and the Record base."""

from anlan.engines.org.choosing import RoleCodes, role_titles, roles_choice
from anlan.engines.org.grants import Grant, Role, RolePermission
from anlan.engines.org.moving import move_unit
from anlan.engines.org.records import Record, ScopedQuerySet, ScopeMissing
from anlan.engines.org.roles import (
    declare_permission,
    declare_role,
    declared_permissions,
    declared_roles,
    sync_roles,
)
from anlan.engines.org.scoping import Scope, below, forget_rights, may, require, rights, scope
from anlan.engines.org.units import Kind, OrgUnit, UnitMove, UnitTag

__all__ = [
    "Grant",
    "Kind",
    "OrgUnit",
    "Record",
    "Role",
    "RoleCodes",
    "RolePermission",
    "Scope",
    "ScopeMissing",
    "ScopedQuerySet",
    "UnitMove",
    "UnitTag",
    "below",
    "declare_permission",
    "declare_role",
    "declared_permissions",
    "declared_roles",
    "forget_rights",
    "may",
    "move_unit",
    "require",
    "rights",
    "role_titles",
    "roles_choice",
    "scope",
    "sync_roles",
]
