"""Applying for accounts and deciding on applications."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from anlan.engines.identity import requests
from anlan.engines.identity.accounts import PHONE, USERNAME, User
from anlan.engines.identity.asking import SignedRequest
from anlan.engines.identity.fields import data, offer_units, take, unit_choice
from anlan.engines.identity.marks import needs, personal
from anlan.engines.identity.views.told import told_secret
from anlan.engines.org.api import may, scope
from anlan.kernel.errors import Forbidden, Missing, Rejected
from anlan.shell.listing import list_page
from anlan.shell.parts import Action, Crumb, Fact
from anlan.shell.rows import Column

ADD, DECIDE, VIEW = "identity.requests.add", "identity.requests.decide", "identity.requests.view"
offer_units(ADD)
LIST = Crumb("账号申请", "/account-requests/")
TONES = {requests.PENDING: "review", requests.APPROVED: "done", requests.REFUSED: "back"}


def _state(asked: requests.AccountRequest) -> tuple[str, str]:
    return TONES[asked.state], asked.get_state_display()


COLUMNS = [
    Column("name", "姓名", "title", note=lambda asked: asked.reason),
    Column("unit", "单位", "meta"),
    Column("state", "状态", "chip", value=_state, on_phone="end"),
    Column("requested_by", "申请人", on_phone="inline"),
    Column("requested_at", "申请时间", "moment", on_phone="inline"),
]


def _require_any(user: User) -> None:
    if not (may(user, VIEW) or may(user, ADD)):
        raise Forbidden(VIEW)


@personal
def account_requests(request: SignedRequest) -> HttpResponse:
    """Applications one decides on, and one's own."""
    _require_any(request.user)
    rows = requests.visible_requests(request.user)
    waiting = rows.filter(state=requests.PENDING).count()
    return list_page(
        request,
        "账号申请",
        rows,
        COLUMNS,
        link=lambda asked: reverse("account_request", args=[asked.pk]),
        lede=f"{waiting} 份待审批。每人一个账号，不能合用。",
        actions=[Action("申请账号", reverse("account_request_new"), "primary")]
        if may(request.user, ADD)
        else [],
    )


class RequestForm(forms.Form):
    """Who needs an account, and for what."""

    name = forms.CharField(label="姓名", max_length=40)
    username = forms.CharField(label="账号", max_length=40, validators=[USERNAME], help_text="小写字母开头")
    phone = forms.CharField(label="手机号", max_length=11, validators=[PHONE])
    reason = forms.CharField(label="岗位和用途", max_length=200)

    def __init__(self, user: User, *args: Any) -> None:
        super().__init__(*args)
        self.fields["unit"] = unit_choice(ADD, user)


@needs(ADD)
@require_http_methods(["GET", "POST"])
def account_request_new(request: SignedRequest) -> HttpResponse:
    """Apply for an account."""
    form = RequestForm(request.user, data(request))
    if form.is_valid():
        try:
            asked = requests.apply_for(request.user, **form.cleaned_data)
            return redirect("account_request", asked.pk)
        except Rejected as error:
            take(form, error)
    context = {"title": "申请账号", "form": form, "crumbs": [LIST, Crumb("申请账号")], "primary": "提交申请"}
    return render(request, "shell/form.html", context, status=422 if form.is_bound else 200)


def _one(request: SignedRequest, pk: int) -> requests.AccountRequest:
    found = requests.visible_requests(request.user).filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


@personal
def account_request(request: SignedRequest, pk: int) -> HttpResponse:
    """One application."""
    _require_any(request.user)
    asked = _one(request, pk)
    tone, word = _state(asked)
    context = {
        "title": f"{asked.name}的账号申请",
        "crumbs": [LIST, Crumb(asked.name)],
        "tone": tone,
        "state": word,
        "sections": [{"title": "申请内容", "id": "facts", "facts": _facts(asked)}],
        "turn": _turn(request.user, asked),
    }
    return render(request, "shell/record.html", context)


def _facts(asked: requests.AccountRequest) -> list[Fact]:
    return [
        Fact("单位", asked.unit),
        Fact("账号", asked.username),
        Fact("手机号", f"{asked.phone[:3]}****{asked.phone[-4:]}"),
        Fact("岗位和用途", asked.reason),
        Fact("申请人", asked.requested_by),
        Fact("审批人", asked.decided_by or ""),
        Fact("审批意见", asked.opinion),
    ]


class OpinionForm(forms.Form):
    """Words of the decision."""

    opinion = forms.CharField(label="意见", max_length=200, required=False)


def _turn(user: User, asked: requests.AccountRequest) -> dict[str, Any] | None:
    mine = scope(user, DECIDE).covers(asked.unit.path) and asked.requested_by_id != user.pk
    if asked.state != requests.PENDING or not mine:
        return None
    return {
        "title": "请您审批",
        "text": "核对本人和岗位，同意后立即开通。",
        "form": OpinionForm(),
        "post": reverse("account_request_decide", args=[asked.pk]),
        "buttons": [
            Action("同意开通", kind="primary", name="verdict", value="approve"),
            Action("退回", name="verdict", value="refuse"),
        ],
    }


@needs(DECIDE)
@require_POST
def account_request_decide(request: SignedRequest, pk: int) -> HttpResponse:
    """Approve or send back."""
    asked, opinion = _one(request, pk), request.POST.get("opinion", "")[:200]
    back = reverse("account_request", args=[pk])
    if request.POST.get("verdict") == "approve":
        secret = requests.approve(request.user, asked, opinion)
        return told_secret(request, "账号已开通", asked.username, secret, back)
    requests.refuse(request.user, asked, opinion)
    messages.success(request, "已退回", "done")
    return redirect(back)
