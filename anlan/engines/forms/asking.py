"""Fields of the pages that keep the item bank and the forms, and carrying their verbs out."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django import forms

from anlan.engines.forms.bank import Item, ItemCategory
from anlan.engines.forms.designs import FormDefinition
from anlan.engines.forms.vocabularies import HAZARD_CATEGORY, HAZARD_GRADE, SCHOOL_TYPE, past_words, words_of
from anlan.engines.org.api import OrgUnit, require, roles_choice
from anlan.kernel.errors import Forbidden, Rejected

T = TypeVar("T")


class Lines(forms.CharField):
    """Several short texts, one a line."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        """A list as lines."""
        return "\n".join(value) if isinstance(value, (list, tuple)) else value

    def to_python(self, value: Any) -> Any:
        """Lines as a list, blank ones left out."""
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]


def carry_out(form: forms.Form, act: Callable[[dict[str, Any]], T]) -> T | None:
    """Run the verb on a valid form; its messages go to their fields. None where there are errors."""
    if not form.is_valid():
        return None
    try:
        return act(form.cleaned_data)
    except Rejected as refusal:
        for name, said in refusal.fields.items():
            form.add_error(name if name in form.fields else None, list(said))
        return None


def unit_for(user: Any, permission: str) -> OrgUnit:
    """The unit new rows belong to: the person's own where the right covers it, else the highest it covers."""
    found = require(user, permission)
    if user.unit_id and found.covers(user.unit.path):
        return user.unit  # type: ignore[no-any-return]
    unit = OrgUnit.objects.filter(path__in=found.paths).order_by("path").first()
    if unit is None:
        raise Forbidden(permission)
    return unit


class CategoryChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Categories in the order of the tree, deeper ones indented."""

    def __init__(self, categories: Sequence[ItemCategory], **values: Any) -> None:
        pks = [category.pk for category in categories]
        super().__init__(ItemCategory.unguarded.filter(pk__in=pks), **values)
        self.choices = [("", "请选择"), *((c.pk, "　" * c.depth + c.title) for c in categories)]  # type: ignore[attr-defined]


def several(unit: OrgUnit, vocabulary: str, label: str, hint: str) -> forms.Field:
    """Any number of a vocabulary's words as tick boxes."""
    return forms.MultipleChoiceField(
        label=label,
        help_text=hint,
        required=False,
        choices=words_of(vocabulary, unit),
        widget=forms.CheckboxSelectMultiple,
    )


def one_of(unit: OrgUnit, vocabulary: str, label: Any, kept: str = "") -> forms.Field:
    """One of a vocabulary's words, or none; ``kept`` is the word so far, which may be out of use."""
    words = words_of(vocabulary, unit)
    past = [] if kept in dict(words) else past_words(vocabulary, unit, kept)
    choices = [("", "由检查人判断"), *words, *past]
    return forms.ChoiceField(label=label, required=False, choices=choices)


class CategoryForm(forms.Form):
    """A category: title, place in the tree and in the order."""

    def __init__(self, categories: Sequence[ItemCategory], *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields.update(forms.fields_for_model(ItemCategory, fields=["title", "position"]))
        self.fields["parent"] = CategoryChoice(categories, label="上级类别", required=False)


ITEM_FIELDS = (
    "wording",
    "answer_type",
    "standard",
    "fails_when",
    "method",
    "basis",
    "score",
    "photos",
    "note_required",
    "level",
    "hazard_category",
    "hazard_grade",
)


class ItemForm(forms.Form):
    """A bank item."""

    def __init__(self, unit: OrgUnit, categories: Sequence[ItemCategory], *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.fields["category"] = CategoryChoice(categories, label="类别", required=True)
        self.fields.update(forms.fields_for_model(Item, fields=list(ITEM_FIELDS)))
        self.fields["wording"].strip = True  # type: ignore[attr-defined]
        self.fields["phrases"] = Lines(label="哪里不合格：常用语", required=False, help_text="一行一句")
        self.fields["school_types"] = several(unit, SCHOOL_TYPE, "只适用于这些学校类型", "不选为全部类型")
        for name in (HAZARD_CATEGORY, HAZARD_GRADE):
            self.fields[name] = one_of(unit, name, self.fields[name].label, self.initial.get(name, ""))


class DefinitionForm(forms.Form):
    """What a form is called and about; its questions have their own page."""

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        names = ["title", "subject", "explanation", "edition", "applies_from"]
        self.fields.update(forms.fields_for_model(FormDefinition, fields=names))
        self.fields["audience"] = roles_choice(
            "可见角色", help_text="用这张表的任务只给选中的角色看；不选则按权限"
        )
