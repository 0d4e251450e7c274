"""Items of a special check in draft: added by hand or from a form in use, taken out again (SAF.09, SAF.11)."""

from typing import Any

from django.db import transaction

from anlan.domains.safety.special import SpecialCheck, SpecialItem
from anlan.engines.audit.api import Actor, log, validate
from anlan.engines.forms.api import FormDefinition, Item, Question
from anlan.kernel.errors import Conflict, Rejected


def _refuse_published(check: SpecialCheck) -> None:
    if check.state != "draft":
        raise Conflict("检查已发布，不能再改项目")


@transaction.atomic
def add_item(actor: Actor, check: SpecialCheck, values: dict[str, Any]) -> SpecialItem:
    """One more item of a check still in draft."""
    _refuse_published(check)
    last = check.items.order_by("-number").values_list("number", flat=True).first() or 0
    item = SpecialItem(check_of=check, number=last + 1, **values)
    validate(item)
    item.save()
    log(actor, "add-item", check, after={"item": item.wording, "standard": item.standard})
    return item


@transaction.atomic
def remove_items(actor: Actor, check: SpecialCheck, items: list[SpecialItem]) -> None:
    """Take items out of a draft; the others keep their order."""
    _refuse_published(check)
    for item in items:
        log(actor, "remove-item", check, before={"item": item.wording})
        item.delete()
    for number, item in enumerate(check.items.order_by("number"), 1):
        SpecialItem.objects.filter(pk=item.pk).update(number=number)


@transaction.atomic
def add_from_template(actor: Actor, check: SpecialCheck, template: FormDefinition) -> int:
    """Copy every checked item of a form in use; those the check has already are left out. How many came.

    Rejected, naming them, where items have no standard, and where nothing new would come.
    """
    version = template.version_in_use
    if version is None:
        raise Rejected({"template": "请选择在用的检查表"})
    there = set(check.items.values_list("wording", flat=True))
    fresh = [
        (section.title, question)
        for section in version.form().sections
        for question in section.questions
        if question.type in ("verdict", "single") and question.text not in there
    ]
    if bare := [question.text for _, question in fresh if not question.standard]:
        raise Rejected({"template": [f"“{text}”没有检查标准" for text in bare]})
    if not fresh:
        raise Rejected({"template": "这张检查表的项目都已经在里面了"})
    classes = _classes(question for _, question in fresh)
    for title, question in fresh:
        major, middle = classes.get(question.item, (title, ""))
        values = {"wording": question.text, "standard": question.standard, "score": question.score or 0}
        add_item(actor, check, {"major": major, "middle": middle, **values})
    return len(fresh)


def _classes(questions: Any) -> dict[str, tuple[str, str]]:
    """Major and middle class of the bank items behind questions, by the items' uid."""
    wanted = [question.item for question in questions if isinstance(question, Question) and question.item]
    rows = Item.objects.unscoped().filter(uid__in=wanted).select_related("category__parent__parent")
    lines = {str(row.uid): [category.title for category in row.category.line()] for row in rows}
    return {uid: (line[0], " / ".join(line[1:])) for uid, line in lines.items()}
