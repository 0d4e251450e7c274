"""The page of code tables: look up, add, rename, retire; nothing is deleted."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from anlan.base.vocabularies import Code, CodeTable, add_code, rename_code, retire_code
from anlan.engines.audit.api import Actor
from anlan.engines.org.api import may, require
from anlan.kernel.errors import Rejected
from anlan.shell.navigation import Page, add_page
from anlan.shell.parts import Action, Crumb
from anlan.shell.responses import render_block, see_other

VIEW, EDIT = "base.codes.view", "base.codes.edit"
LIST = "/base/codes/"


class CodeForm(forms.Form):
    """Words of a value, and whether it may still be chosen."""

    name = forms.CharField(label="名称", max_length=100)
    retired = forms.BooleanField(
        label="停用", required=False, help_text="停用后不能再选，已用过的记录照常显示"
    )


class NewCodeForm(forms.Form):
    """A further value of a table."""

    code = forms.SlugField(label="代码", max_length=30)
    name = forms.CharField(label="名称", max_length=100)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """All tables, and the values of the chosen one."""
    require(request.user, VIEW)
    tables = list(CodeTable.objects.order_by("title"))
    chosen = next((item for item in tables if item.code == request.GET.get("table")), tables[0])
    editable = may(request.user, EDIT)
    context = {"tables": tables, "chosen": chosen, "codes": chosen.codes.all(), "editable": editable}
    return render(request, "base/codes.html", context)


def _form_page(request: HttpRequest, form: forms.Form, title: str, table: str) -> HttpResponse:
    back = f"{LIST}?table={table}"
    context = {
        "title": title,
        "crumbs": [Crumb("代码表", back), Crumb(title)],
        "form": form,
        "primary": "保存",
        "others": [Action("取消", back, "quiet")],
    }
    return render_block(request, "shell/form.html", "form", context, 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Rename or retire one value."""
    require(request.user, EDIT)
    code = get_object_or_404(Code, key=key)
    form = CodeForm(request.POST or None, initial={"name": code.name, "retired": code.retired})
    if not form.is_valid():
        return _form_page(request, form, f"修改“{code}”", code.table_id)
    actor, said = Actor.of(request), form.cleaned_data
    if said["name"] != code.name:
        rename_code(actor, code, said["name"])
    if said["retired"] != code.retired:
        retire_code(actor, code, said["retired"])
    return see_other(request, f"{LIST}?table={code.table_id}")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, table: str) -> HttpResponse:
    """Add a value to a table."""
    require(request.user, EDIT)
    known = get_object_or_404(CodeTable, code=table)
    form: Any = NewCodeForm(request.POST or None)
    if form.is_valid():
        try:
            add_code(Actor.of(request), table, **form.cleaned_data)
        except Rejected as refused:
            form.add_error(None, str(refused))
        else:
            return see_other(request, f"{LIST}?table={table}")
    return _form_page(request, form, f"{known}：新增", table)


add_page(Page("base", "数据标准", "代码表", LIST, VIEW, order=210))
