"""Verbs of the item bank: add, change, delete or retire, find. Services raise Forbidden, Rejected and
Conflict.
"""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from anlan.engines.audit.api import Actor, archive, change, create
from anlan.engines.forms.answers import Answer
from anlan.engines.forms.bank import LIVE, Item, ItemCategory, tidy
from anlan.engines.forms.rights import require_over
from anlan.engines.org.api import OrgUnit
from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Missing, Rejected

SAME_TITLE = "已有同名类别"
SAME_WORDING = "这一类别里已有同样的内容"


def add_category(
    actor: Actor, unit: OrgUnit, title: str, *, parent: ItemCategory | None = None, **values: Any
) -> ItemCategory:
    """A new category of the unit; ``code`` and ``position`` may be given. Rejected for a blank or
    doubled title.
    """
    require_over(actor, unit, "forms.items.add")
    category = ItemCategory(org=unit, parent=parent, title=tidy(title), **values)
    if _same_title(category).exists():
        raise Rejected({"title": SAME_TITLE})
    return create(actor, category)


def change_category(actor: Actor, category: ItemCategory, values: dict[str, Any]) -> ItemCategory:
    """Rename, move in order, retire (``retired_at``); Rejected for a doubled title."""
    require_over(actor, category.org, "forms.items.edit")
    if "title" in values:
        values = {**values, "title": tidy(values["title"])}
        if _same_title(category, values["title"]).exists():
            raise Rejected({"title": SAME_TITLE})
    return change(actor, category, values)


def delete_category(actor: Actor, category: ItemCategory) -> None:
    """Take an empty category away; Conflict while it holds items or further categories."""
    require_over(actor, category.org, "forms.items.archive")
    with transaction.atomic():
        if Item.objects.unscoped().filter(category=category, archived_at=None).exists():
            raise Conflict("这一类别里还有检查内容，不能删除；可以停用")
        if ItemCategory.objects.unscoped().filter(parent=category, archived_at=None).exists():
            raise Conflict("这一类别里还有下级类别，不能删除；可以停用")
        archive(actor, category, action="delete")


def retire_category(actor: Actor, category: ItemCategory) -> ItemCategory:
    """Offer it no longer; what refers to it stays as it is."""
    return change_category(actor, category, {"retired_at": clock.now()})


def add_item(actor: Actor, unit: OrgUnit, **values: Any) -> Item:
    """A new item (fields of :class:`Item`). Rejected by field for what is missing, and for a double in
    its category.
    """
    require_over(actor, unit, "forms.items.add")
    if values.get("category") is None:
        raise Rejected(
            {"category": "请选择类别", **({} if values.get("wording") else {"wording": "请填写检查内容"})}
        )
    item = Item(org=unit, **_trimmed(values))
    _refuse_double(item)
    return create(actor, item)


def change_item(actor: Actor, item: Item, values: dict[str, Any], *, version: int | None = None) -> Item:
    """Amend an item; forms already made from it keep their own wording."""
    require_over(actor, item.org, "forms.items.edit")
    if "category" in values and values["category"] is None:
        raise Rejected({"category": "请选择类别"})
    values = _trimmed(values)
    wording, category = values.get("wording", item.wording), values.get("category", item.category)
    _refuse_double(Item(pk=item.pk, wording=wording, category=category))
    return change(actor, item, values, version=version)


def delete_item(actor: Actor, item: Item) -> str:
    """Take an item away: ``deleted`` where no answer refers to it, otherwise ``retired`` with its
    wording kept.
    """
    require_over(actor, item.org, "forms.items.archive")
    with transaction.atomic():
        if Answer.objects.filter(item=item).exists():
            change(actor, item, {"retired_at": clock.now()}, action="retire")
            return "retired"
        archive(actor, item, action="delete")
        return "deleted"


def restore_item(actor: Actor, item: Item) -> Item:
    """Offer a retired item again."""
    require_over(actor, item.org, "forms.items.edit")
    _refuse_double(item)
    return change(actor, item, {"retired_at": None}, action="restore")


def find_items(
    user: Any, *, category: ItemCategory | None = None, text: str = "", retired: bool = False, kind: str = ""
) -> QuerySet[Item]:
    """Items the person may see: of a category with all below it, with every word of ``text`` in the
    wording, suggesting the ``kind`` of hazard of this code.
    """
    rows: QuerySet[Item] = Item.objects.visible(user, "forms.items.view").filter(archived_at=None)
    if not retired:
        rows = rows.filter(retired_at=None)
    if kind:
        rows = rows.filter(hazard_category=kind[:40])
    if category is not None:
        rows = rows.filter(
            Q(category=category) | Q(category__parent=category) | Q(category__parent__parent=category)
        )
    for word in text.split():
        rows = rows.filter(wording__icontains=word)
    return rows.select_related("category__parent__parent", "org")


def categories_for(user: Any, *, retired: bool = False) -> list[ItemCategory]:
    """Categories the person may see, each below its parent, with ``depth`` 0 to 2 set."""
    rows = ItemCategory.objects.visible(user, "forms.items.view").filter(archived_at=None)
    found = list(rows if retired else rows.filter(retired_at=None))
    by_parent: dict[int | None, list[ItemCategory]] = {}
    for category in found:
        by_parent.setdefault(category.parent_id, []).append(category)
    return _under(None, by_parent, 0)


def _under(
    parent: int | None, by_parent: dict[int | None, list[ItemCategory]], depth: int
) -> list[ItemCategory]:
    line: list[ItemCategory] = []
    for category in by_parent.get(parent, ()):
        category.depth = depth  # type: ignore[attr-defined]
        line += [category, *_under(category.pk, by_parent, depth + 1)]
    return line


def category_by_code(unit: OrgUnit, code: str) -> ItemCategory:
    """The live category with this code at the unit or the nearest unit above it; Missing where there is
    none.
    """
    rows = ItemCategory.objects.unscoped().filter(
        code=code, archived_at=None, org__code__in=unit.ancestor_codes()
    )
    found: ItemCategory | None = rows.order_by("-org__path").first()
    if found is None:
        raise Missing
    return found


def _same_title(category: ItemCategory, title: str = "") -> Any:
    rows = ItemCategory.objects.unscoped().filter(
        LIVE, org=category.org, parent=category.parent, title=title or category.title
    )
    return rows.exclude(pk=category.pk)


def _trimmed(values: dict[str, Any]) -> dict[str, Any]:
    trimmed = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    return {**trimmed, **({"wording": tidy(values["wording"])} if values.get("wording") else {})}


def _refuse_double(item: Item) -> None:
    same = Item.objects.unscoped().filter(LIVE, category=item.category, wording=tidy(item.wording))
    if same.exclude(pk=item.pk).exists():
        raise Rejected({"wording": SAME_WORDING})
