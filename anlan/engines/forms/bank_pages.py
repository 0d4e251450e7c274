"""Lists of the item bank: its items, and the tree of its categories with what each holds (D01.1)."""

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from anlan.engines.forms.bank import Item, ItemCategory
from anlan.engines.forms.banking import categories_for, find_items
from anlan.engines.forms.definition import KINDS
from anlan.engines.forms.vocabularies import HAZARD_CATEGORY, words_of
from anlan.engines.org.api import scope
from anlan.shell.listing import choice_filter, list_page
from anlan.shell.parts import Action, Crumb
from anlan.shell.rows import Column

BANK = "/forms/items/"
CATEGORIES = "/forms/items/categories/"


def seen_category(user: Any, pk: Any) -> ItemCategory | None:
    """The category if the person may see it, None for no number; otherwise Missing."""
    if not pk:
        return None
    rows = ItemCategory.objects.visible(user, "forms.items.view").filter(archived_at=None)
    found: ItemCategory = rows.select_related("parent__parent", "org").one(pk=pk)
    return found


def _standard(item: Item) -> str:
    return "同检查内容" if item.standard == item.wording else item.standard[:60]


def _evidence(item: Item) -> str:
    photos = f"照片 {item.photos} 张" if item.photos else ""
    return "，".join(word for word in (photos, "情况说明" if item.note_required else "") if word) or "不要求"


def _state(item: Item) -> tuple[str, str]:
    return ("idle", "已停用") if item.retired_at else ("done", "在用")


COLUMNS = (
    Column("wording", "检查内容", "title"),
    Column("category", "类别", "meta", on_phone="inline"),
    Column("standard", "标准", "meta", value=_standard, on_phone="hide"),
    Column("answer_type", "答案类型", value=lambda item: KINDS[item.answer_type], on_phone="inline"),
    Column("score", "标准分", "number", on_phone="hide"),
    Column("evidence", "佐证", "meta", value=_evidence, on_phone="inline"),
    Column("state", "状态", "chip", value=_state, on_phone="end"),
)


@require_GET
def bank(request: HttpRequest) -> HttpResponse:
    """The bank: items of a category with all below it, or those with the words searched for."""
    user, asked = request.user, request.GET
    retired = asked.get("retired") == "1"
    chosen = seen_category(user, asked.get("category"))
    text = asked.get("q", "").strip()[:100]
    kind = asked.get("hazard_category", "").replace("\x00", "")
    rows = find_items(user, category=chosen, text=text, retired=retired, kind=kind)
    categories = categories_for(user, retired=retired)
    tree = [(str(one.pk), "　" * one.depth + one.title) for one in categories]  # type: ignore[attr-defined]
    return list_page(
        request,
        "检查题库",
        rows,
        COLUMNS,
        link=(lambda item: f"{BANK}{item.pk}/") if scope(user, "forms.items.edit") else None,
        lede=f"{chosen or '全部类别'}，共 {rows.count()} 项",
        filters=[
            choice_filter(request, "category", "类别", tree),
            choice_filter(request, HAZARD_CATEGORY, "隐患类别", _kinds(user)),
            choice_filter(request, "retired", "已停用", [("1", "也列出已停用的")]),
        ],
        set_count=bool(chosen) + bool(kind) + retired,
        q=text,
        q_hint="搜索检查内容",
        actions=_actions(user, chosen),
        empty={"title": "没有检查内容", "text": "换一个类别或关键词，或者新增、导入检查内容"},
    )


def _kinds(user: Any) -> list[tuple[str, str]]:
    return words_of(HAZARD_CATEGORY, user.unit) if user.unit else []


def _actions(user: Any, chosen: ItemCategory | None) -> list[Action]:
    found = [Action("类别", CATEGORIES, icon="list-details")]
    if scope(user, "forms.items.import"):
        found.append(Action("导入", "/imports/of/forms.items/", icon="upload"))
    if scope(user, "forms.items.add"):
        within = f"?category={chosen.pk}" if chosen else ""
        found.append(Action("新增检查内容", f"{BANK}new/{within}", "primary", "plus"))
    return found


def _items_link(one: ItemCategory) -> SafeString:
    return format_html('<a href="{}?category={}">{} 项</a>', BANK, one.pk, one.held)  # type: ignore[attr-defined]


CATEGORY_COLUMNS = (
    Column("title", "类别", "title", value=lambda one: "　" * one.depth + one.title),
    Column("items", "检查内容", "html", value=_items_link, on_phone="inline"),
    Column("org", "制定单位", "meta", on_phone="hide"),
    Column("state", "状态", "chip", value=_state, on_phone="end"),
)


@require_GET
def categories(request: HttpRequest) -> HttpResponse:
    """The tree of categories with what each holds."""
    user = request.user
    rows = categories_for(user, retired=True)
    held = Counter(find_items(user).order_by().values_list("category", flat=True))
    for one in rows:
        one.held = held[one.pk]  # type: ignore[attr-defined]
    makes = bool(scope(user, "forms.items.add"))
    new = Action("新增类别", f"{CATEGORIES}new/", "primary", "plus")
    return list_page(
        request,
        "检查题库的类别",
        rows,
        CATEGORY_COLUMNS,
        link=(lambda one: f"{CATEGORIES}{one.pk}/") if scope(user, "forms.items.edit") else None,
        template="forms/categories.html",
        lede=f"共 {len(rows)} 个类别，最多分三级",
        crumbs=[Crumb("检查题库", BANK), Crumb("类别")],
        actions=[new] if makes else [],
        empty={
            "title": "还没有类别",
            "text": "先建类别，再新增或导入检查内容",
            "action": new if makes else None,
        },
    )
