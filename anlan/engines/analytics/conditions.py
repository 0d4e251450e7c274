"""The conditions of a query string in words, for the definition of a published number."""

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.http import QueryDict

from anlan.engines.registry.api import Ledger, datum

EVERYTHING = "全部"
PLAIN = {"overdue": "已逾期", "open": "未办结", "expired": "已到期", "archived": "已归档"}


def in_words(ledger: Ledger, query: str) -> str:
    """What the list at ``query`` shows, in words; 全部 where nothing narrows it."""
    known = {said: title for title, said in ledger.views.items()}
    if query in known:
        return known[query]
    said = QueryDict(query)
    parts = [_part(ledger, name, [value for value in said.getlist(name) if value]) for name in said]
    return "；".join(parts) or EVERYTHING


def _part(ledger: Ledger, name: str, values: list[str]) -> str:
    if name in PLAIN or name in ledger.marks:
        marked = {said: title for title, said in ledger.views.items()}
        return PLAIN.get(name) or marked.get(f"{name}=1", name)
    try:
        found = datum(ledger, name)
    except FieldDoesNotExist:
        return f"{name}：{'、'.join(values)}"
    words = _choices(ledger, name, found.field)
    return f"{found.title}：{'、'.join(words.get(value, value) for value in values)}"


def _choices(ledger: Ledger, name: str, field: Any) -> dict[str, str]:
    if name == "state" and ledger.flow:
        return {code: state.title for code, state in ledger.flow.states.items()}
    return {str(code): str(title) for code, title in getattr(field, "flatchoices", None) or ()}
