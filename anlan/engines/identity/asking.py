"""The request of a signed-in person."""

from django.http import HttpRequest

from anlan.engines.identity.accounts import User


class SignedRequest(HttpRequest):
    """What a page that is not public receives: the middleware lets nobody else through."""

    user: User
