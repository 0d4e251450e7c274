"""Makes the signed-in person the current actor of each request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from anlan.engines.audit.actors import Actor, acting


class OriginMiddleware:
    """Every change made while a request runs is written in its person's name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with acting(Actor.of(request)):
            return self.get_response(request)
