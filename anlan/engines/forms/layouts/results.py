"""What the formulas of a form say of its answers."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from anlan.engines.forms.definition import Form, Question
from anlan.engines.forms.layouts.computing import Value, computed, plain
from anlan.engines.forms.layouts.lattice import Layout


def formulas_of(form: Form) -> dict[str, str]:
    """Formulas by cell."""
    return {
        question.uid: question.rule.formula for question in form.questions() if question.type == "computed"
    }


def printed(layout: Layout | None) -> dict[str, Value]:
    """What is printed in the cells themselves: numbers, and words."""
    spots = layout.spots if layout else ()
    return {
        spot.at: spot.text if spot.number is None else spot.number
        for spot in spots
        if spot.text or spot.number is not None
    }


def as_value(question: Question, said: Any) -> Value:
    """An answer as formulas see it: numbers, words of a choice, text."""
    if said is None or isinstance(said, (list, dict)):
        return None
    if question.type in ("number", "computed"):
        return Decimal(said) if _is_number(said) else str(said)
    labels = {option.code: option.label for option in question.choices}
    return labels.get(said, str(said))


def _is_number(said: Any) -> bool:
    return str(said).removeprefix("-").replace(".", "", 1).isdecimal()


def results(form: Form, layout: Layout | None, answers: Mapping[str, Any]) -> dict[str, str]:
    """The text of every computed cell that has a value."""
    asked = form.by_uid()
    given = {
        uid: as_value(asked[uid], said)
        for uid, said in answers.items()
        if uid in asked and asked[uid].type != "computed"
    }
    return texts(form, computed(formulas_of(form), printed(layout) | given))


def texts(form: Form, said: Mapping[str, Value]) -> dict[str, str]:
    """Computed values as they are stored, with the decimals each cell asks for."""
    asked = form.by_uid()
    found = {}
    for uid, value in said.items():
        rule = asked[uid].number
        if (text := plain(value, rule.decimals if rule else None)) is not None:
            found[uid] = text
    return found
