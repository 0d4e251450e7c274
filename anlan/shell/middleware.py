"""Middleware of the shell: refusals become pages, and personal pages are never cached."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from anlan.kernel import events
from anlan.kernel.errors import Forbidden, Missing, Refusal
from anlan.shell.responses import refusal

Handler = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True)
class Refused:
    """Event: a request was refused; the audit engine keeps it."""

    request: HttpRequest
    error: Refusal


class RefusalMiddleware:
    """Turns the kernel's refusals and Django's 403 and 404 into pages; forbids caching of personal pages."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        patch_vary_headers(response, ["HX-Request"])
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "no-store"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal; leave every other exception to Django."""
        error = _as_refusal(exception)
        if error is None:
            return None
        events.publish(Refused(request, error))
        return refusal(request, error)


def _as_refusal(exception: Exception) -> Refusal | None:
    if isinstance(exception, Refusal):
        return exception
    if isinstance(exception, PermissionDenied):
        return Forbidden()
    return Missing() if isinstance(exception, Http404) else None
