"""The org engine's door: units, grants, scope and the Record base."""

from anlan.engines.org.choosing import RoleCodes, role_titles, roles_choice
from anlan.engines.org.grants import Grant, Role, RolePermission
from anlan.engines.org.moving import Moved, move_unit
from anlan.engines.org.records import Record, ScopedQuerySet, ScopeMissing
from anlan.engines.org.roles import (
    declare_permission,
    declare_role,
    declared_permissions,
    declared_roles,
    sync_roles,
)
from anlan.engines.org.scoping import (
    Scope,
    below,
    forget_rights,
    held_grants,
    may,
    require,
    right_holders,
    rights,
    scope,
)
from anlan.engines.org.sharing import (
    GIVE_SHARES,
    RECEIVE_SHARES,
    SEE_SHARES,
    Share,
    shared_condition,
    shares_for,
)
from anlan.engines.org.units import Kind, OrgUnit, SiteBegun, UnitMove

__all__ = [
    "GIVE_SHARES",
    "RECEIVE_SHARES",
    "SEE_SHARES",
    "Grant",
    "Kind",
    "Moved",
    "OrgUnit",
    "Record",
    "Role",
    "RoleCodes",
    "RolePermission",
    "Scope",
    "ScopeMissing",
    "ScopedQuerySet",
    "Share",
    "SiteBegun",
    "UnitMove",
    "below",
    "declare_permission",
    "declare_role",
    "declared_permissions",
    "declared_roles",
    "forget_rights",
    "held_grants",
    "may",
    "move_unit",
    "require",
    "right_holders",
    "rights",
    "role_titles",
    "roles_choice",
    "scope",
    "shared_condition",
    "shares_for",
    "sync_roles",
]
