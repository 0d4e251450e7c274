"""Texts of a row as values of a ledger's form."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from anlan.engines.exchange.columns import date_text, half_width
from anlan.engines.exchange.relations import Relations
from anlan.engines.exchange.targets import Row
from anlan.engines.registry.api import Ledger
from anlan.kernel.errors import Rejected

YES = {"是", "有", "√", "true", "1", "y", "yes"}
NO = {"否", "无", "×", "false", "0", "n", "no", ""}


class RowReader:
    """Reads rows of one import; relations are found by name within what the person may choose."""

    def __init__(self, ledger: Ledger, user: Any, fields: Mapping[str, forms.Field]) -> None:
        self.ledger, self.user, self.fields = ledger, user, fields
        self.relations = Relations()

    def read(self, row: Row) -> dict[str, Any]:
        """The values; Rejected with what is wrong by field."""
        values, problems = {}, {}
        for name, field in self.fields.items():
            if not row.get(name) and (
                has_default(self.ledger, name) or (name not in row and not field.required)
            ):
                continue
            try:
                values[name] = self._value(name, field, row.get(name, ""))
            except ValidationError as error:
                problems[name] = "；".join(error.messages)
        if problems:
            raise Rejected(problems)
        return values

    def _value(self, name: str, field: forms.Field, text: str) -> Any:
        if name in self.ledger.masked and "*" in text:
            raise ValidationError("这里是打了码的内容，请填写完整内容")
        if isinstance(field, (forms.ModelChoiceField, forms.ModelMultipleChoiceField)):
            return self.relations.find(field, text)
        if isinstance(field, forms.BooleanField):
            return yes(text)
        return field.clean(plain(field, text))

    def rules(self, record: Any, values: dict[str, Any]) -> None:
        """Rules across fields: the model's own and the ledger's hook; Rejected by field."""
        if problems := self.ledger.clean(self.user, record, values):
            raise Rejected(problems)
        meta = self.ledger.model._meta
        bare = {name: value for name, value in values.items() if not meta.get_field(name).many_to_many}
        sample = self.ledger.model(**bare)
        # Relations were chosen among what may be chosen, so they need no second look.
        others = {field.name for field in meta.concrete_fields if field.is_relation or field.name not in bare}
        try:
            sample.full_clean(exclude=others, validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            said = error.message_dict
            raise Rejected({name.replace("__all__", ""): texts for name, texts in said.items()}) from None


def has_default(ledger: Ledger, name: str) -> bool:
    """Whether a blank cell leaves the field at what the model says."""
    field: Any = ledger.model._meta.get_field(name)
    return bool(field.has_default())


def plain(field: forms.Field, text: str) -> str:
    """The text as the form field expects it: code of a choice, ISO date, number without commas."""
    if isinstance(field, forms.ChoiceField):
        return _chosen(field, text)
    if isinstance(field, (forms.DateField, forms.DateTimeField)):
        return date_text(text)
    if isinstance(field, (forms.IntegerField, forms.DecimalField)):
        return half_width(text).replace(",", "")
    return text


def yes(text: str) -> bool:
    """是 or 否, as people write them."""
    said = half_width(text).lower()
    if said in YES:
        return True
    if said in NO:
        return False
    raise ValidationError("请写“是”或“否”")


def _chosen(field: forms.ChoiceField, text: str) -> str:
    said = half_width(text)
    for value, words in pairs(field):
        if said in (value, half_width(words)):
            return value
    if said:
        raise ValidationError(f"没有“{said}”这一项，可以写：{'、'.join(words_of(field)[:12])}")
    return ""


def pairs(field: forms.ChoiceField) -> list[tuple[str, str]]:
    """Value and words of each option."""
    listed: list[Any] = list(field.choices)  # type: ignore[arg-type]
    return [(str(value), str(words)) for value, words in listed if value not in ("", None)]


def words_of(field: forms.Field) -> tuple[str, ...]:
    """What may be written into a column of few choices."""
    if isinstance(field, forms.BooleanField):
        return ("是", "否")
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return tuple(words for _, words in pairs(field))
    return ()
