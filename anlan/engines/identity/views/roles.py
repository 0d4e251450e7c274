"""Roles as data, composed of declared rights."""

from typing import Any

from django import forms
from django.apps import apps
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from anlan.engines.identity import composing
from anlan.engines.identity.asking import SignedRequest
from anlan.engines.identity.confirming import confirmed
from anlan.engines.identity.fields import data, take
from anlan.engines.identity.marks import needs
from anlan.engines.org.api import Role, declared_permissions, may
from anlan.kernel.errors import Missing, Rejected
from anlan.shell.listing import list_page
from anlan.shell.parts import Action, Crumb
from anlan.shell.rows import Column

ROLES = Crumb("角色", "/roles/")


def _kind(role: Role) -> tuple[str, str]:
    if role.office:
        return "review", "三员"
    return ("doing", "内置") if role.built_in else ("done", "自编")


ROLE_COLUMNS = [
    Column("title", "角色", "title", note=lambda role: role.code),
    Column("kind", "类别", "chip", value=_kind, on_phone="end"),
    Column("rights", "权限数", "number", on_phone="hide"),
    Column("holders", "授权数", "number", on_phone="hide"),
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
                label=apps.get_app_config(app).verbose_name if app in apps.app_configs else app,
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
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
@confirmed
def role_new(request: SignedRequest) -> HttpResponse:
    """Compose a new role."""
    return _role_form(request, None, "编制角色")


@needs("identity.roles.view")
@require_http_methods(["GET", "POST"])
@confirmed
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
