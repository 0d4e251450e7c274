"""Nobody passes without signing in, except on pages that say so."""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase

Page = Callable[[HttpRequest], HttpResponseBase]


def public(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mark a view as open to everybody."""
    view.anlan_public = True  # type: ignore[attr-defined]
    return view


class SignedInMiddleware:
    """Deny by default: sends the unknown visitor to sign-in, htmx requests by ``HX-Redirect``."""

    def __init__(self, get_response: Page) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: object, kwargs: object
    ) -> HttpResponseBase | None:
        """Let the signed-in and the public views through."""
        if request.user.is_authenticated or getattr(view, "anlan_public", False):
            return None
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401, headers={"HX-Redirect": "/sign-in/"})
        return redirect_to_login(request.get_full_path())
