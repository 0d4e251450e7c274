"""Models of the identity engine, for Django."""

from anlan.engines.identity.accounts import User

__all__ = ["User"]
