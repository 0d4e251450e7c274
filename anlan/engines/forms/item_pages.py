"""Pages of one item of the bank and of one category: add, change, delete, retire, restore (D01.1)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from anlan.engines.audit.api import Actor
from anlan.engines.forms.asking import CategoryForm, ItemForm, carry_out, unit_for
from anlan.engines.forms.bank import Item, ItemCategory
from anlan.engines.forms.bank_pages import BANK, CATEGORIES, seen_category
from anlan.engines.forms.banking import (
    add_category,
    add_item,
    categories_for,
    change_category,
    change_item,
    delete_category,
    delete_item,
    restore_item,
    retire_category,
)
from anlan.engines.forms.rights import require_over
from anlan.engines.org.api import scope
from anlan.kernel.errors import Missing
from anlan.shell.panels import panels_of
from anlan.shell.parts import Action, Crumb
from anlan.shell.responses import see_other


def may_keep(user: Any, row: Any, verb: str = "edit") -> bool:
    """Whether the person may change this row of the bank."""
    return scope(user, f"forms.items.{verb}").covers(row.org.path)


def _item(user: Any, pk: int) -> Item:
    rows = Item.objects.visible(user, "forms.items.view").filter(archived_at=None)
    found: Item = rows.select_related("category", "org").one(pk=pk)
    return found


@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add an item, or change one."""
    user = request.user
    known = _item(user, pk) if pk else None
    unit = known.org if known else unit_for(user, "forms.items.add")
    require_over(Actor.of(request), unit, "forms.items.edit" if known else "forms.items.add")
    initial = _initial(known) if known else {"category": request.GET.get("category")}
    form = ItemForm(unit, categories_for(user), request.POST or None, initial=initial)
    if request.method == "POST":
        actor = Actor.of(request)
        if known:
            done = carry_out(
                form, lambda values: change_item(actor, known, values, version=_version(request))
            )
        else:
            done = carry_out(form, lambda values: add_item(actor, unit, **values))
        if done:
            return see_other(request, f"{BANK}?category={done.category_id}")
    return _form_page(request, form, str(known or "新增检查内容"), Crumb("检查题库", BANK), known)


def _version(request: HttpRequest) -> int | None:
    said = request.POST.get("version", "")
    return int(said) if said.isdigit() else None


def _initial(known: Item) -> dict[str, Any]:
    names = [f.name for f in known._meta.concrete_fields]
    return {name: getattr(known, name) for name in names}


def _form_page(request: HttpRequest, form: Any, title: str, up: Crumb, known: Any = None) -> HttpResponse:
    context = {
        "title": title,
        "crumbs": [up, Crumb(title)],
        "form": form,
        "sections": None,
        "known": known,
        "acts": _acts(request.user, known),
        "panels": panels_of(request, known) if known else [],
    }
    return render(request, "forms/one.html", context, status=422 if form.errors else 200)


def _acts(user: Any, known: Item | ItemCategory | None) -> list[Action]:
    """What else can be done with the row: taken away, out of use, or back into use."""
    if known is None or not may_keep(user, known, "archive"):
        return []
    is_item = isinstance(known, Item)
    here = f"{BANK if is_item else CATEGORIES}{known.pk}/"
    effect = "检查结果用过的会停用，旧记录不变" if is_item else "只有空的类别能删除"
    delete = Action("删除", post=f"{here}delete/", kind="danger", confirm=f"删除“{known}”", effect=effect)
    if is_item and known.retired_at:
        return [Action("恢复使用", post=f"{here}restore/")]
    retire = Action("停用", post=f"{here}retire/", confirm=f"停用“{known}”", effect="新检查表里不再提供")
    return [delete] if is_item or known.retired_at else [retire, delete]


@require_POST
def item_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Delete (or retire) an item, or take it into use again."""
    found = _item(request.user, pk)
    acts = {"delete": delete_item, "restore": restore_item}
    if act not in acts:
        raise Missing
    acts[act](Actor.of(request), found)
    return see_other(request, f"{BANK}?category={found.category_id}")


@require_http_methods(["GET", "POST"])
def category(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add a category, or change one."""
    user = request.user
    known = seen_category(user, pk)
    unit = known.org if known else unit_for(user, "forms.items.add")
    require_over(Actor.of(request), unit, "forms.items.edit" if known else "forms.items.add")
    initial = _place(known) if known else {"parent": request.GET.get("parent"), "position": 0}
    form = CategoryForm(categories_for(user), request.POST or None, initial=initial)
    if request.method == "POST":
        actor = Actor.of(request)
        if known:
            done = carry_out(form, lambda values: change_category(actor, known, values))
        else:
            done = carry_out(form, lambda values: add_category(actor, unit, **values))
        if done:
            return see_other(request, CATEGORIES)
    return _form_page(request, form, str(known or "新增类别"), Crumb("类别", CATEGORIES), known)


def _place(known: ItemCategory) -> dict[str, Any]:
    return {"title": known.title, "parent": known.parent_id, "position": known.position}


@require_POST
def category_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Delete an empty category, or retire one."""
    found = seen_category(request.user, pk)
    acts = {"delete": delete_category, "retire": retire_category}
    if found is None or act not in acts:
        raise Missing
    acts[act](Actor.of(request), found)
    return see_other(request, CATEGORIES)
