"""Decisive acts ask for the password once more; an answer holds for some minutes in the same session.

A form asks with a field of its own (:func:`ask` and :func:`settle`), so that what was typed and sent stays.
Any other POST is held up by :func:`confirmed`, which sends it on with the password. Signing in counts as an answer.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from anlan.engines.identity import tallies
from anlan.engines.identity.accounts import User
from anlan.engines.identity.fields import PasswordField
from anlan.engines.identity.notes import note
from anlan.engines.identity.policy import SecurityPolicy
from anlan.engines.identity.sessions import CONFIRMED, confirm_now
from anlan.kernel import clock
from anlan.kernel.errors import Forbidden, Rejected

FIELD = "confirm_password"
BESIDE = {FIELD, "csrfmiddlewaretoken"}
View = Callable[..., HttpResponseBase]


def recent(request: HttpRequest) -> bool:
    """Whether the password was given in this session within the policy's minutes."""
    since = request.session.get(CONFIRMED, 0)
    return bool(clock.now().timestamp() - since < SecurityPolicy.current().confirm_minutes * 60)


def ask(request: HttpRequest, form: forms.Form) -> None:
    """Add the field for the password to the form of a decisive act, unless it was given lately."""
    if not recent(request):
        words = "这一步不能撤回，请再输入一次本人的登录密码"
        form.fields[FIELD] = PasswordField("登录密码", "current-password", help_text=words)


def settle(request: HttpRequest, form: forms.Form) -> None:
    """Judge the password the form asked for; a wrong one stands as an error at its field."""
    if FIELD in form.fields and FIELD not in form.errors:
        try:
            give(request, form.data.get(FIELD, ""))
        except Rejected as error:
            form.add_error(FIELD, error.fields[FIELD])


def give(request: HttpRequest, raw: str) -> None:
    """Take the password; Rejected for a wrong one, and after too many wrong ones even for the right one."""
    user, policy = cast(User, request.user), SecurityPolicy.current()
    key = f"confirm:{user.pk}"
    if not tallies.take(key, policy.failures, timedelta(minutes=policy.lock_minutes)):
        _refuse(user, f"失败次数太多，请 {policy.lock_minutes} 分钟后再试")
    if not user.check_password(raw):
        _refuse(user, "密码不对，没有办理")
    tallies.clear(key)
    confirm_now(request)


def _refuse(user: User, words: str) -> None:
    note("password.confirm", user, path=user.path, succeeded=False)
    raise Rejected({FIELD: words})


def require_recent(request: HttpRequest) -> None:
    """For the interface, which cannot ask: Forbidden where the password was not given lately."""
    if not recent(request):
        raise Forbidden("", "这一步要先在网页上再输入一次密码，接口密钥不能代办")


def demand(request: HttpRequest) -> HttpResponse | None:
    """None when the request may go on; else the page that asks and sends the same request again."""
    if request.method != "POST" or recent(request):
        return None
    said, error = request.POST.get(FIELD), ""
    if said is not None:
        try:
            give(request, said)
        except Rejected as refused:
            error = refused.message
        else:
            return None
    held = [(name, value) for name, values in request.POST.lists() for value in values if name not in BESIDE]
    context = {"title": "请再输入一次密码", "held": held, "name": FIELD, "error": error}
    return render(request, "identity/confirm.html", context, status=422)


def confirmed(view: View) -> View:
    """Decorator: POST requests of the view are decisive and need the password once more."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return demand(request) or view(request, *args, **kwargs)

    return guarded
