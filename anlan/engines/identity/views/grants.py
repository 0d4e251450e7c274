"""Grants: who holds which role where, for which period."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from anlan.engines.identity import granting
from anlan.engines.identity.accounts import User
from anlan.engines.identity.asking import SignedRequest
from anlan.engines.identity.confirming import confirmed
from anlan.engines.identity.fields import DayField, data, offer_units, take, unit_choice
from anlan.engines.identity.marks import needs
from anlan.engines.org.api import Grant, Role, may
from anlan.kernel.errors import Missing, Rejected
from anlan.shell.listing import list_page
from anlan.shell.parts import Action, Crumb
from anlan.shell.rows import Column

offer_units(granting.ADD)
GRANTS = Crumb("授权", "/grants/")


def _period(grant: Grant) -> str:
    if not grant.starts_on and not grant.ends_on:
        return "长期"
    return f"{grant.starts_on or '即日'} 至 {grant.ends_on or '长期'}"


GRANT_COLUMNS = [
    Column("user", "人员", "title", note=lambda grant: grant.user.username),
    Column("role", "角色"),
    Column("unit", "单位", "meta"),
    Column("period", "期限", value=_period, on_phone="inline"),
]


@needs(granting.VIEW)
def grants(request: SignedRequest) -> HttpResponse:
    """Who holds which role where."""
    rows = granting.visible_grants(request.user)
    if text := request.GET.get("q", "").strip()[:40]:
        rows = rows.filter(user__name__icontains=text) | rows.filter(role__title__icontains=text)
    may_add = may(request.user, granting.ADD)
    return list_page(
        request,
        "授权",
        rows,
        GRANT_COLUMNS,
        link=lambda grant: reverse("grant", args=[grant.pk]),
        lede=f"共 {rows.count()} 项授权。不能给自己授权，也不能超出自己的权限。",
        actions=[Action("授权", reverse("grant_new"), "primary")] if may_add else [],
        q=request.GET.get("q", ""),
        q_hint="姓名或角色",
    )


class GrantForm(forms.Form):
    """User x role x unit x period."""

    username = forms.CharField(label="账号或手机号", max_length=40)
    role = forms.ModelChoiceField(Role.objects.all(), label="角色")
    starts_on = DayField("起", required=False)
    ends_on = DayField("止", required=False)

    def __init__(self, by: User, *args: Any) -> None:
        super().__init__(*args)
        self.fields["unit"] = unit_choice(granting.ADD, by)
        self.order_fields(["username", "role", "unit", "starts_on", "ends_on"])

    def clean_username(self) -> User:
        """The account."""
        try:
            return User.objects.get_by_natural_key(self.cleaned_data["username"])
        except User.DoesNotExist:
            raise forms.ValidationError("没有找到这个账号") from None


@needs(granting.ADD)
@require_http_methods(["GET", "POST"])
@confirmed
def grant_new(request: SignedRequest) -> HttpResponse:
    """Grant a role at a unit, for a period."""
    form = GrantForm(request.user, data(request))
    if form.is_valid():
        values = dict(form.cleaned_data)
        try:
            granting.give(request.user, values.pop("username"), **values)
            messages.success(request, "已授权，下一次点击就生效", "done")
            return redirect("grants")
        except Rejected as error:
            take(form, error)
    context = {"title": "授权", "form": form, "crumbs": [GRANTS, Crumb("授权")], "primary": "授权"}
    return render(request, "shell/form.html", context, status=422 if form.is_bound else 200)


def _grant(request: SignedRequest, pk: int) -> Grant:
    found = granting.visible_grants(request.user).filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


@needs(granting.VIEW)
def grant(request: SignedRequest, pk: int) -> HttpResponse:
    """One grant."""
    found = _grant(request, pk)
    context = {
        "title": f"{found.user} · {found.role}",
        "crumbs": [GRANTS, Crumb(str(found.user))],
        "grant": found,
        "may_take": may(request.user, granting.ADD) and found.user_id != request.user.pk,
    }
    return render(request, "identity/grant.html", context)


@needs(granting.ADD)
@require_POST
@confirmed
def grant_take_back(request: SignedRequest, pk: int) -> HttpResponse:
    """Take a grant back."""
    granting.take_back(request.user, _grant(request, pk))
    messages.success(request, "已收回，下一次点击就生效", "done")
    return redirect("grants")
