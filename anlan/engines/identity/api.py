"""The identity engine's door: accounts and who may pass."""

from anlan.engines.identity.accounts import User
from anlan.engines.identity.middleware import public

__all__ = ["User", "public"]
