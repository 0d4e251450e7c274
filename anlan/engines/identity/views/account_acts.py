"""Acts on one account, and the review of all."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from anlan.engines.identity import managing
from anlan.engines.identity.accounts import User
from anlan.engines.identity.asking import SignedRequest
from anlan.engines.identity.marks import needs
from anlan.engines.identity.views.accounts import EDIT, one
from anlan.engines.identity.views.told import told_secret
from anlan.kernel.errors import Missing, Rejected


def _disable(request: SignedRequest, user: User) -> HttpResponse | None:
    managing.disable(request.user, user, request.POST.get("reason", "")[:200])
    return None


def _reset(request: SignedRequest, user: User) -> HttpResponse:
    secret = managing.reset_password(request.user, user)
    back = reverse("account", args=[user.pk])
    return told_secret(request, "密码已重置", user.username, secret, back)


def _enable(request: SignedRequest, user: User) -> HttpResponse:
    secret = managing.enable(request.user, user)
    back = reverse("account", args=[user.pk])
    return told_secret(request, "账号已启用", user.username, secret, back)


def _unlock(request: SignedRequest, user: User) -> HttpResponse | None:
    managing.unlock(request.user, user)
    return None


def _review(request: SignedRequest, user: User) -> HttpResponse | None:
    managing.confirm_review(request.user, User.objects.filter(pk=user.pk))
    return None


def _drop_factor(request: SignedRequest, user: User) -> HttpResponse | None:
    managing.drop_second_factor(request.user, user)
    return None


def _leave(request: SignedRequest, user: User) -> HttpResponse | None:
    try:
        day = forms.DateField(required=False).clean(request.POST.get("day", ""))
    except forms.ValidationError:
        raise Rejected({"day": "日期写成 2026-12-31 的样子"}) from None
    managing.set_leaving(request.user, user, day)
    return None


ACTS = {
    "disable": _disable,
    "enable": _enable,
    "reset": _reset,
    "unlock": _unlock,
    "review": _review,
    "drop_factor": _drop_factor,
    "leave": _leave,
}


@needs(EDIT)
@require_POST
def account_act(request: SignedRequest, pk: int, act: str) -> HttpResponse:
    """One of the acts on an account."""
    if act not in ACTS:
        raise Missing
    user = one(request, pk)
    answer = ACTS[act](request, user)
    if answer is None:
        messages.success(request, "已办理", "done")
    return answer or redirect("account", pk)


@needs(EDIT)
@require_POST
def accounts_review(request: SignedRequest) -> HttpResponse:
    """Confirm every account waiting for its review."""
    rows = managing.visible_accounts(request.user, EDIT).filter(managing.unreviewed())
    count = managing.confirm_review(request.user, rows)
    messages.success(request, f"已复核 {count} 个账号", "done")
    return redirect("accounts")
