"""Nobody passes without signing in, except on pages that say so; nobody passes on a cookie that has ended."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from anlan.engines.identity import acting, setup
from anlan.engines.identity.asking import SignedRequest
from anlan.engines.identity.marks import View
from anlan.engines.identity.sessions import current_sign_in
from anlan.engines.identity.signing_in import leave

Page = Callable[[HttpRequest], HttpResponseBase]


class OpenSessionMiddleware:
    """Ends cookies whose sign-in was ended or stood idle, and puts the chosen duty on the person.

    A page that looks for news by itself says so (``X-Watching``): that is no use of the session.
    """

    def __init__(self, get_response: Page) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            self._check(cast(SignedRequest, request))
        return self.get_response(request)

    def _check(self, request: SignedRequest) -> None:
        row = current_sign_in(request)
        if row is not None and not row.idle:
            if "X-Watching" not in request.headers:
                row.touch()
            request.anlan_sign_in = row  # type: ignore[attr-defined]
            acting.put_on(request)
            return
        leave(request, idle=True)


class SignedInMiddleware:
    """Deny by default: sends the unknown visitor to sign-in, htmx requests by ``HX-Redirect``."""

    def __init__(self, get_response: Page) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        """Let the signed-in and the public views through; what must be set up first goes first."""
        if getattr(view, "anlan_public", False):
            return None
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        step = setup.next_step(cast(SignedRequest, request))
        if step is None or _name_of(request) in {step, "sign_out"}:
            return None
        return _send(request, reverse(step))


def _name_of(request: HttpRequest) -> str:
    return str(request.resolver_match.url_name) if request.resolver_match else ""


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    if not request.headers.get("HX-Request"):
        return redirect_to_login(request.get_full_path())
    return HttpResponse(status=401, headers={"HX-Redirect": reverse("sign_in")})


def _send(request: HttpRequest, url: str) -> HttpResponseBase:
    if request.headers.get("HX-Request"):
        return HttpResponse(status=403, headers={"HX-Redirect": url})
    return HttpResponse(status=303, headers={"Location": url})


def sign_in_of(request: HttpRequest) -> Any:
    """The row of the request's own sign-in."""
    return getattr(request, "anlan_sign_in", None)
