"""Turns refusals into pages."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from anlan.kernel.errors import Refusal


class RefusalMiddleware:
    """Answers a refusal with its status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The refusal's status and words."""
        return HttpResponse(error.message, status=error.status) if isinstance(error, Refusal) else None
