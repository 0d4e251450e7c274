"""Models of the org engine, for Django."""

from anlan.engines.org.grants import Grant, Role, RolePermission
from anlan.engines.org.roles import KnownPermission
from anlan.engines.org.sharing import Share
from anlan.engines.org.units import OrgUnit, UnitMove

__all__ = ["Grant", "KnownPermission", "OrgUnit", "Role", "RolePermission", "Share", "UnitMove"]
