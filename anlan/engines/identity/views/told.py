"""Secrets told once on a page that is never cached: one-time passwords, activation codes, the QR code of a
secret.
"""

from typing import Any

import segno
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from anlan.engines.identity import second_factor
from anlan.engines.identity.asking import SignedRequest


def told_once(request: SignedRequest, form: Any) -> HttpResponse:
    """The page of the authenticator; a new secret with every visit, the same one while codes are tried."""
    secret = request.session.get("factor_secret") if form.is_bound else None
    if secret is None:
        secret = request.session["factor_secret"] = second_factor.enrol(request.user)
    picture = segno.make(second_factor.address(request.user, secret)).svg_data_uri(scale=5, dark="#14232B")
    context = {"title": "设置动态口令", "form": form, "secret": secret, "picture": picture}
    return _fresh(
        render(request, "identity/second_factor.html", context, status=422 if form.is_bound else 200)
    )


def told_secret(
    request: SignedRequest, title: str, account: str, secret: str, back: str, *, what: str = "初始密码"
) -> HttpResponse:
    """Show a one-time password or code; it is stored nowhere and not shown again."""
    context = {"title": title, "account": account, "secret": secret, "what": what, "back": back}
    return _fresh(render(request, "identity/told_secret.html", context))


def _fresh(response: HttpResponse) -> HttpResponse:
    add_never_cache_headers(response)
    return response
