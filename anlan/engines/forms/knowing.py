"""Data the platform knows of a unit, so that nobody types them again; whoever keeps one offers it here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from anlan.engines.forms.definition import Form, Question
from anlan.engines.forms.values import Wrong, clean
from anlan.engines.org.api import OrgUnit
from anlan.kernel.registry import Registry


@dataclass(frozen=True)
class Known:
    """A datum with its words; ``read`` gives the value at a unit, or nothing."""

    code: str
    title: str
    read: Callable[[OrgUnit], Any]


known_data: Registry[Known] = Registry("known datum")


def offer_known(code: str, title: str, read: Callable[[OrgUnit], Any]) -> Known:
    """Offer a datum of units to forms; ``code`` is stored in them and never renamed."""
    return known_data.add(code, Known(code, title, read))


def beforehand(form: Form, unit: OrgUnit) -> dict[str, Any]:
    """Answers a response about the unit begins with, by question; what does not fit its type is left out."""
    found = {question.uid: _first(question, unit) for question in form.questions() if question.filling}
    return {uid: value for uid, value in found.items() if value is not None}


def _first(question: Question, unit: OrgUnit) -> Any:
    datum = known_data.get(question.rule.known) if question.rule.known else None
    said = datum.read(unit) if datum else None
    raw = _as_typed(question, said) if said not in (None, "") else question.rule.initial
    try:
        return clean(question, [raw] if question.type == "multi" and raw else raw)
    except Wrong:
        return None


def _as_typed(question: Question, said: Any) -> str:
    """A datum as a person would type it: the option of that name where there are options."""
    if isinstance(said, bool):
        said = "是" if said else "否"
    text = str(said)
    return next((option.code for option in question.choices if option.label == text), text)


offer_known("unit_name", "单位名称", lambda unit: unit.name)
offer_known("unit_code", "单位代码", lambda unit: unit.code)
