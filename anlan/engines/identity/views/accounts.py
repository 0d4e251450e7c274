"""Accounts of the units one manages: list, open, one account with its acts."""

from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from anlan.engines.identity import managing, second_factor, tallies
from anlan.engines.identity.accounts import User
from anlan.engines.identity.asking import SignedRequest
from anlan.engines.identity.fields import data, offer_units, take, unit_choice
from anlan.engines.identity.marks import needs
from anlan.engines.identity.sessions import open_sessions
from anlan.engines.identity.views.told import told_secret
from anlan.engines.org.api import Grant, may
from anlan.kernel.errors import Missing, Rejected
from anlan.shell.deadlines import moment_words
from anlan.shell.listing import list_page
from anlan.shell.parts import Action, Crumb, Fact, View
from anlan.shell.rows import Column

VIEW, ADD, EDIT = "identity.accounts.view", "identity.accounts.add", "identity.accounts.edit"
offer_units(ADD)
CRUMBS = Crumb("账号", "/accounts/")


def state(user: User) -> tuple[str, str]:
    """Tone and word of an account."""
    if user.has_left or not user.is_active:
        return "idle", "已停用"
    if user.idle_locked_at:
        return "back", "闲置锁定"
    return ("todo", "待首次登录") if user.must_change_password else ("done", "正常")


COLUMNS = [
    Column("name", "姓名", "title", note=lambda user: user.username),
    Column("unit", "单位", "meta"),
    Column("state", "状态", "chip", value=state, on_phone="end"),
    Column("last_login", "最近登录", "moment", on_phone="inline"),
    Column("reviewed_at", "最近复核", "moment", on_phone="hide"),
]


def _shown(request: SignedRequest, rows: Any) -> Any:
    if text := request.GET.get("q", "").strip()[:40]:
        rows = rows.filter(
            Q(name__icontains=text) | Q(username__icontains=text) | Q(unit__name__icontains=text)
        )
    if request.GET.get("view") == "review":
        rows = rows.filter(managing.unreviewed())
    if request.GET.get("view") == "stopped":
        rows = rows.filter(Q(is_active=False) | ~Q(idle_locked_at=None))
    return rows.order_by("unit__path", "name", "pk")


@needs(VIEW)
def accounts(request: SignedRequest) -> HttpResponse:
    """The accounts under one's scope."""
    rows = managing.visible_accounts(request.user)
    waiting = rows.filter(managing.unreviewed()).count()
    units = managing.unreviewed_units(request.user).count()
    chosen = request.GET.get("view", "")
    views = [
        View("全部", "?", current=not chosen),
        View("待复核", "?view=review", waiting, chosen == "review", waiting > 0),
        View("停用和锁定", "?view=stopped", current=chosen == "stopped"),
    ]
    actions = [Action("开通账号", reverse("account_open"), "primary")] if may(request.user, ADD) else []
    if waiting and chosen == "review" and may(request.user, EDIT):
        actions = [Action("全部复核无误", post=reverse("accounts_review"), confirm="把列出的账号标为已复核")]
    return list_page(
        request,
        "账号",
        _shown(request, rows),
        COLUMNS,
        link=lambda user: reverse("account", args=[user.pk]),
        lede=f"共 {rows.count()} 个账号，{units} 个单位有账号待复核。",
        views=views,
        actions=actions,
        q=request.GET.get("q", ""),
        q_hint="姓名、账号或单位",
        keep=[("view", chosen)] if chosen else [],
    )


class OpenForm(forms.Form):
    """One person, one account."""

    name = forms.CharField(label="姓名", max_length=40)
    username = forms.CharField(label="账号", max_length=40, help_text="小写字母开头，不区分大小写")
    phone = forms.CharField(label="手机号", max_length=11, required=False, help_text="可以用手机号登录")

    def __init__(self, user: User, *args: Any) -> None:
        super().__init__(*args)
        self.fields["unit"] = unit_choice(ADD, user)


@needs(ADD)
@require_http_methods(["GET", "POST"])
def account_open(request: SignedRequest) -> HttpResponse:
    """Open an account; its one-time password is shown once."""
    form = OpenForm(request.user, data(request))
    if form.is_valid():
        try:
            user, secret = managing.open_account(request.user, **form.cleaned_data)
            back = reverse("account", args=[user.pk])
            return told_secret(request, "账号已开通", user.username, secret, back)
        except Rejected as error:
            take(form, error)
    context = {
        "title": "开通账号",
        "form": form,
        "crumbs": [CRUMBS, Crumb("开通账号")],
        "primary": "开通账号",
    }
    return render(request, "shell/form.html", context, status=422 if form.is_bound else 200)


def one(request: SignedRequest, pk: int) -> User:
    """The account, inside the scope; Missing otherwise."""
    user = managing.visible_accounts(request.user).filter(pk=pk).first()
    if user is None:
        raise Missing
    return user


@needs(VIEW)
def account(request: SignedRequest, pk: int) -> HttpResponse:
    """One account: its state, sessions and what may be done with it."""
    user = one(request, pk)
    tone, word = state(user)
    locked = tallies.locked(f"account:{user.pk}")
    context = {
        "title": user.name,
        "crumbs": [CRUMBS, Crumb(user.name)],
        "tone": "late" if locked else tone,
        "state": "失败次数过多，已锁定" if locked else word,
        "subtitle": str(user.unit or ""),
        "sections": [{"title": "账号", "id": "facts", "facts": _facts(user)}],
        "person": user,
        "sessions": open_sessions(user),
        "may_edit": may(request.user, EDIT) and user.pk != request.user.pk,
        "locked": locked or user.idle_locked_at,
        "factor": second_factor.active(user),
    }
    return render(request, "identity/account.html", context)


def _facts(user: User) -> list[Fact]:
    grants = Grant.in_force().filter(user=user).select_related("role", "unit")
    phone = user.phone or ""
    return [
        Fact("账号", user.username),
        Fact("手机号", f"{phone[:3]}****{phone[-4:]}" if phone else ""),
        Fact("职务", "、".join(str(grant) for grant in grants)),
        Fact("最近登录", moment_words(user.last_login) if user.last_login else "从未登录"),
        Fact("最近复核", moment_words(user.reviewed_at) if user.reviewed_at else ""),
        Fact("离岗日期", user.leaves_on or ""),
        Fact("动态口令", "已启用" if second_factor.active(user) else "未启用"),
    ]
