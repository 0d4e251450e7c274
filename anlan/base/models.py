"""Models of the base records, for Django; roles are declared beside them."""

from anlan.base.roles import ROLES

__all__ = ["ROLES"]
