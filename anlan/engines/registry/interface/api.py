"""The interface under ``/api/`` with its OpenAPI document."""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from anlan.engines.identity.api import public
from anlan.engines.registry.interface.doors import KeyDoor, SessionDoor
from anlan.engines.registry.interface.routes import add_routes
from anlan.engines.registry.known import ledgers
from anlan.kernel import events
from anlan.kernel.errors import Missing, Refusal, Rejected
from anlan.shell.middleware import Refused


def _refused(api: NinjaAPI, request: HttpRequest, error: Any) -> HttpResponse:
    events.publish(Refused(request, error))
    body: dict[str, Any] = {"message": "没有找到" if isinstance(error, Missing) else error.message}
    if isinstance(error, Rejected):
        body["fields"] = error.fields
    return api.create_response(request, body, status=error.status)


def _invalid(api: NinjaAPI, request: HttpRequest, error: Any) -> HttpResponse:
    fields: dict[str, list[str]] = {}
    for said in error.errors:
        places = [str(place) for place in said["loc"] if place not in ("body", "query", "path")]
        fields.setdefault(places[-1] if places else "", []).append("格式不对")
    return api.create_response(request, {"message": "有几处需要改", "fields": fields}, status=422)


def _unknown(api: NinjaAPI, request: HttpRequest, error: Any) -> HttpResponse:
    return api.create_response(request, {"message": "请先登录或带上密钥"}, status=401)


def _failed(api: NinjaAPI, request: HttpRequest, error: Any) -> HttpResponse:
    return api.create_response(request, {"message": str(error)}, status=error.status_code)


def _for_the_known(view: Callable[..., Any]) -> Callable[..., Any]:
    """The description of the interface is for those who may knock."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated or KeyDoor()(request):
            return view(request, *args, **kwargs)
        return JsonResponse({"message": "请先登录或带上密钥"}, status=401)

    return guarded


def build() -> NinjaAPI:
    """The interface of every declared ledger."""
    api = NinjaAPI(
        title="安澜接口",
        version="1",
        docs_url=None,
        openapi_url="/openapi.json",
        docs_decorator=_for_the_known,
        auth=[SessionDoor(), KeyDoor()],
        urls_namespace="api",
    )
    api.add_exception_handler(Refusal, partial(_refused, api))
    api.add_exception_handler(ValidationError, partial(_invalid, api))
    api.add_exception_handler(AuthenticationError, partial(_unknown, api))
    api.add_exception_handler(HttpError, partial(_failed, api))
    for ledger in ledgers:
        add_routes(api, ledger)
    return api


def patterns() -> list[URLPattern | URLResolver]:
    """Addresses of the interface; it keeps its own doors, so the sign-in page stays out of its way."""
    found: list[Any]
    found, app_name, namespace = build().urls
    for pattern in found:
        public(cast("Callable[..., Any]", pattern.callback))
    return [path("api/", (found, app_name, namespace))]
