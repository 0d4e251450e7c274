"""Pages of the item bank: find, add, change, delete or retire items and categories (D01.1)."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anlan.engines.audit.api import Actor
from anlan.engines.forms.asking import CategoryForm, ItemForm, carry_out, unit_for
from anlan.engines.forms.bank import Item, ItemCategory
from anlan.engines.forms.banking import (
    add_category,
    add_item,
    categories_for,
    change_category,
    change_item,
    delete_category,
    delete_item,
    find_items,
    restore_item,
    retire_category,
)
from anlan.engines.forms.rights import require_over
from anlan.engines.org.api import scope
from anlan.kernel.errors import Missing
from anlan.shell.parts import Action, Crumb
from anlan.shell.responses import render_block, see_other

BANK = "/forms/items/"
PER_PAGE = 50


def may_keep(user: Any, row: Any, verb: str = "edit") -> bool:
    """Whether the person may change this row of the bank."""
    return scope(user, f"forms.items.{verb}").covers(row.org.path)


def _category(user: Any, pk: Any) -> ItemCategory | None:
    if not pk:
        return None
    rows = ItemCategory.objects.visible(user, "forms.items.view").filter(archived_at=None)
    found: ItemCategory = rows.select_related("parent__parent", "org").one(pk=pk)
    return found


def _item(user: Any, pk: int) -> Item:
    rows = Item.objects.visible(user, "forms.items.view").filter(archived_at=None)
    found: Item = rows.select_related("category", "org").one(pk=pk)
    return found


@require_GET
def bank(request: HttpRequest) -> HttpResponse:
    """The bank: categories at the side, items of one of them, or those with the words searched for."""
    user, asked = request.user, request.GET
    retired = asked.get("retired") == "1"
    category = _category(user, asked.get("category"))
    text = asked.get("q", "").strip()[:100]
    rows = find_items(user, category=category, text=text, retired=retired)
    page = Paginator(rows, PER_PAGE).get_page(asked.get("page"))
    context = {
        "title": "检查题库",
        "lede": f"{category.title if category else '全部类别'}，共 {page.paginator.count} 项",
        "categories": categories_for(user, retired=retired),
        "category": category,
        "page": page,
        "q": text,
        "retired": retired,
        "actions": _actions(user),
        "may_change": category is not None and may_keep(user, category),
    }
    return render_block(request, "forms/bank.html", "rows", context)


def _actions(user: Any) -> list[Action]:
    if not scope(user, "forms.items.add"):
        return []
    return [
        Action("新增检查内容", f"{BANK}new/", "primary", "plus"),
        Action("新增类别", "/forms/categories/new/", "default", "plus"),
    ]


@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add an item, or change one."""
    user = request.user
    known = _item(user, pk) if pk else None
    unit = known.org if known else unit_for(user, "forms.items.add")
    require_over(Actor.of(request), unit, "forms.items.edit" if known else "forms.items.add")
    initial = _initial(known) if known else {"category": request.GET.get("category")}
    form = ItemForm(categories_for(user), request.POST or None, initial=initial)
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
    context = {"title": title, "crumbs": [up, Crumb(title)], "form": form, "sections": None, "known": known}
    return render(request, "forms/one.html", context, status=422 if form.errors else 200)


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
    known = _category(user, pk)
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
            return see_other(request, f"{BANK}?category={done.pk}")
    return _form_page(request, form, str(known or "新增类别"), Crumb("检查题库", BANK))


def _place(known: ItemCategory) -> dict[str, Any]:
    return {"title": known.title, "parent": known.parent_id, "position": known.position}


@require_POST
def category_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Delete an empty category, or retire one."""
    found = _category(request.user, pk)
    acts = {"delete": delete_category, "retire": retire_category}
    if found is None or act not in acts:
        raise Missing
    acts[act](Actor.of(request), found)
    return see_other(request, BANK)
