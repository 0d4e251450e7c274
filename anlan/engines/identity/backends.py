"""Checks a password against an account; the same time is spent whether or not the account exists."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from anlan.engines.identity.accounts import User


class AccountBackend(BaseBackend):
    """User name or phone number, and password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> User | None:
        """The account, or None."""
        try:
            user = User.objects.get_by_natural_key(username)
        except User.DoesNotExist:
            User().set_password(password)
            return None
        right = user.check_password(password or "")
        return user if right and User.objects.usable().filter(pk=user.pk).exists() else None

    def get_user(self, user_id: int) -> User | None:
        """The account of a session, with its unit; None once it may no longer be used."""
        return User.objects.usable().select_related("unit").filter(pk=user_id).first()
