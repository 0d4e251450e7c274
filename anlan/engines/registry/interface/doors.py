"""Who may knock: the person of the session (with the CSRF token for writes), or the account of a key."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from anlan.engines.registry.keys import holder_of


class SessionDoor(APIKeyCookie):
    """The signed-in person."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self) -> None:
        super().__init__(csrf=True)

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        """The person, or None."""
        return request.user if request.user.is_authenticated else None


class KeyDoor(HttpBearer):
    """The account of an API key; it becomes the person of the request."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """The account, or None."""
        user = holder_of(token)
        if user is not None:
            request.user = user
        return user
