"""Answers that suit both a full page and htmx: same view, same rights, a whole page or one named block."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode

from anlan.kernel.errors import Conflict, Forbidden, Missing, Refusal, Rejected

UNAUTHORISED = 401


def is_partial(request: HttpRequest) -> bool:
    """Whether htmx asks for a block rather than the whole page."""
    asked = request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"
    return asked and request.headers.get("HX-History-Restore-Request") != "true"


def render_block(
    request: HttpRequest,
    template: str,
    block: str,
    context: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page, or only its partial ``block`` (a ``partialdef``) when htmx asks for it."""
    name = f"{template}#{block}" if is_partial(request) else template
    response = render(request, name, dict(context or {}), status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def toast(response: HttpResponse, text: str, undo: str = "", tone: str = "done") -> HttpResponse:
    """Let the answer show a short notice; ``undo`` is the address that takes the act back (by POST, 10 s)."""
    trigger = json.loads(response.headers.get("HX-Trigger", "{}"))
    trigger["al-toast"] = {"text": text, "undo": undo, "tone": tone}
    response.headers["HX-Trigger"] = json.dumps(trigger)
    return response


def see_other(request: HttpRequest, to: str) -> HttpResponse:
    """Go on to another page after a write: 303, or HX-Redirect for htmx."""
    url = resolve_url(to)
    if is_partial(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponse(status=303, headers={"Location": url})


def sign_in(request: HttpRequest, login_url: str) -> HttpResponse:
    """Send a stranger to the sign-in page and back here: 302, or 401 with HX-Redirect for htmx."""
    back = request.headers.get("HX-Current-URL") if is_partial(request) else request.get_full_path()
    path = back or request.get_full_path()
    url = f"{resolve_url(login_url)}?{urlencode({'next': _path_of(path)})}"
    if is_partial(request):
        return HttpResponse(status=UNAUTHORISED, headers={"HX-Redirect": url})
    return HttpResponse(status=302, headers={"Location": url})


def refusal(request: HttpRequest, error: Refusal) -> HttpResponse:
    """Turn a refusal of the kernel into its page, or for htmx into a panel shown at the top of the page."""
    context = refusal_context(error)
    partial = is_partial(request)
    template = "shell/refusal.html#panel" if partial else "shell/refusal.html"
    response = render(request, template, context, status=error.status)
    if partial:
        response.headers["HX-Retarget"] = "#notices"
        response.headers["HX-Reswap"] = "innerHTML"
    patch_vary_headers(response, ["HX-Request"])
    return response


def refusal_context(error: Refusal) -> dict[str, Any]:
    """Words of a refusal: what happened, whether the data is safe, what to press."""
    known = next((words for kind, words in _WORDS.items() if isinstance(error, kind)), _PLAIN)
    words: dict[str, Any] = {**known, "status": error.status}
    if error.message and not isinstance(error, Missing):
        words["title"] = error.message
    if isinstance(error, Forbidden) and error.permission:
        words["permission"] = error.permission
    if isinstance(error, Rejected):
        words["title"] = _WORDS[Rejected]["title"]
        words["messages_by_field"] = error.fields
    return words


def _path_of(url: str) -> str:
    if "://" not in url:
        return url
    return "/" + url.split("://", 1)[1].partition("/")[2]


_PLAIN = {"title": "没有办成", "text": "数据没有变化，请返回重试。", "art": "search"}
_WORDS: dict[type[Refusal], dict[str, str]] = {
    Forbidden: {
        "title": "您还没有这项权限",
        "text": "数据没有变化。需要办理时，请向本单位管理员申请。",
        "art": "lock",
    },
    Missing: {
        "title": "没有找到",
        "text": "地址可能写错了，或者这条记录已经归档。可以返回上一页，或从工作台重新进入。",
        "art": "search",
    },
    Conflict: {
        "title": "这一步现在办不了",
        "text": "可能有人先办了，您填的没有保存。刷新后看最新情况再办。",
        "art": "wave",
    },
    Rejected: {
        "title": "没保存上，有几处需要改",
        "text": "什么都没有保存，请按下面的提示改好再提交。",
        "art": "search",
    },
}
