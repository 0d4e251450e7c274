"""Roles as data, grants, and the security policy."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from anlan.engines.identity import composing, granting
from anlan.engines.identity.accounts import User
from anlan.engines.identity.asking import SignedRequest
from anlan.engines.identity.fields import UnitField, data, take
from anlan.engines.identity.marks import needs
from anlan.engines.identity.notes import note
from anlan.engines.identity.policy import SecurityPolicy
from anlan.engines.org.api import Grant, Role, declared_permissions, may, scope
from anlan.kernel.errors import Missing, Rejected
from anlan.shell.listing import list_page
from anlan.shell.parts import Action, Crumb
from anlan.shell.rows import Column

ROLES, GRANTS = Crumb("角色", "/roles/"), Crumb("授权", "/grants/")


def _kind(role: Role) -> tuple[str, str]:
    if role.office:
        return "review", "三员"
    return ("doing", "内置") if role.built_in else ("done", "自编")


ROLE_COLUMNS = [
    Column("title", "角色", "title", note=lambda role: role.code),
    Column("kind", "类别", "chip", value=_kind, on_phone="end"),
    Column("rights", "权限数", "number", on_phone="inline"),
    Column("holders", "授权数", "number", on_phone="inline"),
]


@needs("identity.roles.view")
def roles(request: SignedRequest) -> HttpResponse:
    """Every role with how many rights and holders it has."""
    rows = Role.objects.annotate(
        rights=Count("permissions", distinct=True), holders=Count("grants", distinct=True)
    ).order_by("office", "pk")
    may_edit = may(request.user, composing.EDIT)
    return list_page(
        request,
        "角色",
        rows,
        ROLE_COLUMNS,
        link=lambda role: reverse("role", args=[role.pk]),
        lede=f"共 {rows.count()} 个角色。改动对所有担任者下一次点击就生效。",
        actions=[Action("编制角色", reverse("role_new"), "primary")] if may_edit else [],
    )


class RoleForm(forms.Form):
    """A title and what the role may do."""

    title = forms.CharField(label="名称", max_length=40)

    def __init__(self, role: Role | None, data: Any = None) -> None:
        held = composing.held(role) if role else set()
        super().__init__(data, initial={"title": role.title if role else ""})
        for app, choices in composing.choices().items():
            field = forms.MultipleChoiceField(
                label=app, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
            )
            field.initial = [code for code, _ in choices if code in held]
            self.fields[f"app_{app}"] = field

    def wanted(self) -> set[str]:
        """Every permission ticked."""
        return {code for name, codes in self.cleaned_data.items() if name != "title" for code in codes}


def _role_form(request: SignedRequest, role: Role | None, title: str) -> HttpResponse:
    form = RoleForm(role, data(request))
    if form.is_valid():
        try:
            hidden = composing.held(role) - set(declared_permissions.codes()) if role else set()
            saved = composing.compose(request.user, role, form.cleaned_data["title"], form.wanted() | hidden)
            messages.success(request, f"角色“{saved}”已保存", "done")
            return redirect("role", saved.pk)
        except Rejected as error:
            take(form, error)
    context = {"title": title, "form": form, "crumbs": [ROLES, Crumb(title)], "primary": "保存角色"}
    return render(request, "shell/form.html", context, status=422 if form.is_bound else 200)


@needs("identity.roles.edit")
@require_http_methods(["GET", "POST"])
def role_new(request: SignedRequest) -> HttpResponse:
    """Compose a new role."""
    return _role_form(request, None, "编制角色")


@needs("identity.roles.view")
@require_http_methods(["GET", "POST"])
def role(request: SignedRequest, pk: int) -> HttpResponse:
    """One role: what it may do; changed here by those who may."""
    found = Role.objects.filter(pk=pk).first()
    if found is None:
        raise Missing
    if not found.office:
        return _role_form(request, found, found.title)
    titles = [
        (code, item.title if (item := declared_permissions.get(code)) else code)
        for code in sorted(composing.held(found))
    ]
    context = {"title": found.title, "crumbs": [ROLES, Crumb(found.title)], "titles": titles}
    return render(request, "identity/office.html", context)


GRANT_COLUMNS = [
    Column("user", "人员", "title", note=lambda grant: grant.user.username),
    Column("role", "角色"),
    Column("unit", "单位", "meta"),
    Column("starts_on", "起", "date", on_phone="inline"),
    Column("ends_on", "止", "date", on_phone="inline"),
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
    starts_on = forms.DateField(label="起", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label="止", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, by: User, *args: Any) -> None:
        super().__init__(*args)
        self.fields["unit"] = UnitField(scope(by, granting.ADD))
        self.order_fields(["username", "role", "unit", "starts_on", "ends_on"])

    def clean_username(self) -> User:
        """The account."""
        try:
            return User.objects.get_by_natural_key(self.cleaned_data["username"])
        except User.DoesNotExist:
            raise forms.ValidationError("没有找到这个账号") from None


@needs(granting.ADD)
@require_http_methods(["GET", "POST"])
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
def grant_take_back(request: SignedRequest, pk: int) -> HttpResponse:
    """Take a grant back."""
    granting.take_back(request.user, _grant(request, pk))
    messages.success(request, "已收回，下一次点击就生效", "done")
    return redirect("grants")


class PolicyForm(forms.ModelForm[SecurityPolicy]):
    """Every setting within its bounds."""

    class Meta:
        model = SecurityPolicy
        exclude = ()
        widgets = {"second_factor_roles": forms.CheckboxSelectMultiple}


@needs("identity.policy.edit")
@require_http_methods(["GET", "POST"])
def policy(request: SignedRequest) -> HttpResponse:
    """The security policy."""
    current = SecurityPolicy.current()
    before = {
        name: getattr(current, name) for name in PolicyForm.base_fields if name != "second_factor_roles"
    }
    form = PolicyForm(data(request), instance=current)
    if form.is_valid():
        with transaction.atomic():
            form.save()
            after = {name: form.cleaned_data[name] for name in form.changed_data if name in before}
            changed = [name for name in form.changed_data if name in before]
            roles = [str(item) for item in form.cleaned_data["second_factor_roles"]]
            note(
                "policy.change",
                current,
                before={name: before[name] for name in changed},
                after={**after, "second_factor_roles": roles},
            )
        messages.success(request, "安全策略已保存", "done")
        return redirect("policy")
    context = {
        "title": "安全策略",
        "form": form,
        "lede": "改动立即对所有人生效，并记入审计。",
        "primary": "保存策略",
    }
    return render(request, "shell/form.html", context, status=422 if form.is_bound else 200)
