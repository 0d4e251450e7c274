"""Activating a unit with its allotted account, and watching who has done so (P.04)."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from anlan.engines.identity import activation as activations_of
from anlan.engines.identity.accounts import PHONE, USERNAME, User
from anlan.engines.identity.activation import Activation
from anlan.engines.identity.asking import SignedRequest
from anlan.engines.identity.fields import DayField, PasswordField, data, offer_units, take, unit_choice
from anlan.engines.identity.marks import needs, personal, public
from anlan.engines.identity.signing_in import enter
from anlan.engines.identity.views.told import told_secret
from anlan.engines.org.api import may, scope
from anlan.kernel import clock
from anlan.kernel.errors import Missing, Rejected
from anlan.shell.listing import list_page
from anlan.shell.parts import Action, Crumb
from anlan.shell.rows import Column

VIEW, ADD = "identity.activations.view", "identity.activations.add"
offer_units(ADD)
LIST = Crumb("单位激活", "/activations/")


class RedeemForm(forms.Form):
    """Account, one-time code and the first password."""

    username = forms.CharField(label="下发的账号", max_length=40)
    code = forms.CharField(
        label="激活码", max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    new = PasswordField("新密码", "new-password")
    again = PasswordField("再输一次新密码", "new-password")

    def clean_again(self) -> str:
        """Refuse two different spellings."""
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("new", again):
            raise forms.ValidationError("两次输入的新密码不一样")
        return again


@public
@never_cache
@require_http_methods(["GET", "POST"])
def redeem(request: SignedRequest) -> HttpResponse:
    """First sign-in of a unit: the code works once."""
    form = RedeemForm(data(request))
    if form.is_valid():
        said = form.cleaned_data
        try:
            enter(request, activations_of.redeem(said["username"], said["code"], said["new"]))
            return redirect("activation")
        except Rejected as error:
            take(form, error)
    context = {"title": "激活单位账号", "form": form, "primary": "激活"}
    return render(request, "identity/entrance.html", context, status=422 if form.is_bound else 200)


class ProfileForm(forms.Form):
    """What the unit confirms about itself."""

    name = forms.CharField(label="单位全称", max_length=100)
    short_name = forms.CharField(label="简称", max_length=40, required=False)
    responsible = forms.CharField(label="负责人姓名", max_length=40)
    phone = forms.CharField(label="负责人手机号", max_length=11, validators=[PHONE])


@personal
@require_http_methods(["GET", "POST"])
def activation(request: SignedRequest) -> HttpResponse:
    """Confirm the unit's profile; until then no other page opens."""
    found = Activation.objects.filter(user=request.user, activated_at=None).select_related("unit").first()
    if found is None:
        return _not_mine(request)
    unit = found.unit
    form = ProfileForm(data(request), initial={"name": unit.name, "short_name": unit.short_name})
    if form.is_valid():
        activations_of.complete(found, **form.cleaned_data)
        return redirect("/")
    lede = "核对单位信息，填写负责人，确认后平台就可以使用。"
    context = {"title": "确认单位信息", "form": form, "lede": lede, "primary": "确认并启用"}
    return render(request, "identity/setup.html", context, status=422 if form.is_bound else 200)


def _not_mine(request: SignedRequest) -> HttpResponse:
    if not activations_of.open_for(request):
        return redirect("/")
    context = {"title": "单位还没有激活", "lede": "请本单位领取账号的同志先完成激活。"}
    return render(request, "identity/setup.html", context)


COLUMNS = [
    Column("unit", "单位", "title", note=lambda item: item.user.username),
    Column("status", "状态", "chip", on_phone="end"),
    Column("allotted_at", "下发", "moment", on_phone="inline"),
    Column("due_on", "应激活", "date", on_phone="inline"),
    Column("activated_at", "激活", "moment", on_phone="inline"),
    Column("responsible", "负责人", "meta"),
]


@needs(VIEW)
def activations(request: SignedRequest) -> HttpResponse:
    """Which units have been allotted an account, which have activated, which are overdue."""
    rows = Activation.objects.filter(scope(request.user, VIEW).condition("unit")).select_related(
        "unit", "user"
    )
    done = rows.exclude(activated_at=None).count()
    late = rows.filter(activated_at=None, due_on__lt=clock.today()).count()
    return list_page(
        request,
        "单位激活",
        rows.order_by("unit__path"),
        COLUMNS,
        link=lambda item: reverse("activation_one", args=[item.pk]),
        lede=f"已下发 {rows.count()} 个单位，已激活 {done} 个，逾期 {late} 个。",
        actions=[Action("下发账号", reverse("activation_new"), "primary")] if may(request.user, ADD) else [],
    )


class AllotForm(forms.Form):
    """Which unit, which account, until when."""

    username = forms.CharField(label="账号", max_length=40, validators=[USERNAME], help_text="小写字母开头")
    due_on = DayField("应于此日前激活")

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data, initial={"due_on": clock.today() + timedelta(days=14)})
        self.fields["unit"] = unit_choice(ADD, user)
        self.order_fields(["unit", "username", "due_on"])

    def clean_due_on(self) -> Any:
        """Refuse a day that has passed."""
        day = self.cleaned_data["due_on"]
        if day < clock.today():
            raise forms.ValidationError("要晚于今天")
        return day


@needs(ADD)
@require_http_methods(["GET", "POST"])
def activation_new(request: SignedRequest) -> HttpResponse:
    """Allot an account to a unit; its code is shown once."""
    form = AllotForm(request.user, data(request))
    if form.is_valid():
        try:
            found, code = activations_of.allot(request.user, **form.cleaned_data)
            return _tell(request, found, code)
        except Rejected as error:
            take(form, error)
    context = {"title": "下发账号", "form": form, "crumbs": [LIST, Crumb("下发账号")], "primary": "下发账号"}
    return render(request, "shell/form.html", context, status=422 if form.is_bound else 200)


def _one(request: SignedRequest, pk: int, permission: str) -> Activation:
    rows = Activation.objects.filter(scope(request.user, permission).condition("unit"))
    found = rows.select_related("unit", "user").filter(pk=pk).first()
    if found is None:
        raise Missing
    return found


def _tell(request: SignedRequest, found: Activation, code: str) -> HttpResponse:
    return told_secret(
        request, "账号已下发", found.user.username, code, reverse("activations"), what="激活码"
    )


@needs(VIEW)
def activation_one(request: SignedRequest, pk: int) -> HttpResponse:
    """One unit's activation."""
    found = _one(request, pk, VIEW)
    context = {
        "title": str(found.unit),
        "crumbs": [LIST, Crumb(str(found.unit))],
        "item": found,
        "may_renew": may(request.user, ADD) and found.activated_at is None,
    }
    return render(request, "identity/activation_one.html", context)


@needs(ADD)
@require_POST
def activation_renew(request: SignedRequest, pk: int) -> HttpResponse:
    """A fresh code in place of a lost one."""
    found = _one(request, pk, ADD)
    return _tell(request, found, activations_of.renew(found))
