"""Which questions apply: conditions on earlier answers and on facts of the unit."""

from collections.abc import Callable, Mapping
from typing import Any

from anlan.engines.forms.definition import Condition, Form, Question
from anlan.engines.org.api import OrgUnit

Facts = Mapping[str, Any]
FactsOf = Callable[[OrgUnit], Facts]
_providers: list[FactsOf] = []


def provide_facts(provider: FactsOf) -> None:
    """Let ``provider`` tell facts of a unit (``school_type``, ``has_dormitory``: "yes" or "no"); later
    ones win.
    """
    if provider not in _providers:
        _providers.append(provider)


def facts_of(unit: OrgUnit) -> dict[str, Any]:
    """What is known of a unit: ``kind``, and all the providers tell."""
    facts: dict[str, Any] = {"kind": unit.kind}
    for provider in _providers:
        facts.update(provider(unit))
    return facts


def shown(form: Form, facts: Facts, values: Mapping[str, Any]) -> list[Question]:
    """The questions that apply, in order. A hidden question's answer counts as none for those after it."""
    found: list[Question] = []
    seen: dict[str, Any] = {}
    for question in form.questions():
        if all(_holds(condition, facts, seen) for condition in question.shown_if):
            found.append(question)
            seen[question.uid] = values.get(question.uid)
    return found


def _holds(condition: Condition, facts: Facts, values: Mapping[str, Any]) -> bool:
    if condition.fact:
        return condition.fact not in facts or _meets(condition, facts[condition.fact])
    return _meets(condition, values.get(condition.question))


def _meets(condition: Condition, value: Any) -> bool:
    given = value if isinstance(value, list) else [value]
    return any(one in condition.among for one in given)
