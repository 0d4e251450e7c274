"""Records and units named in a row, found by code or name within what the person may choose."""

from collections import defaultdict
from typing import Any

from django import forms
from django.core.exceptions import FieldDoesNotExist, ValidationError

from anlan.engines.exchange.columns import half_width

MANY = 5000
SEPARATORS = str.maketrans("，；;、\n", ",,,,,")


class Relations:
    """Options of each field by their words, read once per import."""

    def __init__(self) -> None:
        self._known: dict[int, dict[str, list[Any]]] = {}

    def find(self, field: Any, text: str) -> Any:
        """The chosen option, or options; ValidationError where the words fit none or several."""
        if isinstance(field, forms.ModelMultipleChoiceField):
            words = [word for word in half_width(text).translate(SEPARATORS).split(",") if word.strip()]
            found = [self._one(field, word.strip()) for word in words]
            return field.clean([option.pk for option in found])
        if not text.strip():
            return self._only(field) if field.required else None
        return self._one(field, half_width(text))

    def _one(self, field: Any, words: str) -> Any:
        options = self._options(field).get(words, [])
        if not options:
            raise ValidationError(f"没有找到“{words}”，或不在您的范围内")
        if len(options) > 1:
            raise ValidationError(f"有 {len(options)} 个“{words}”，请改写代码")
        return options[0]

    def _only(self, field: Any) -> Any:
        only = list(field.queryset[:2])
        if len(only) != 1:
            raise ValidationError("没有填写")
        return only[0]

    def _options(self, field: Any) -> dict[str, list[Any]]:
        key = id(field)
        if key not in self._known:
            known: dict[str, list[Any]] = defaultdict(list)
            for option in field.queryset[:MANY]:
                for words in _words(option):
                    known[words].append(option)
            self._known[key] = known
        return self._known[key]


def _words(option: Any) -> set[str]:
    said = {half_width(str(option))}
    for name in ("code", "name", "title", "username"):
        try:
            option._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        said.add(half_width(str(getattr(option, name) or "")))
    return said - {""}
