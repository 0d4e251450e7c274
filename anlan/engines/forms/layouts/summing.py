"""Sums over the answers of several units, as each question declares: sum, average, count, list and so on."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from anlan.engines.forms.definition import CHOICES, Form, Question
from anlan.engines.forms.drawing import words
from anlan.engines.forms.fill_rules import OF_NUMBERS
from anlan.engines.forms.layouts.computing import EXACT, Value, computed, plain
from anlan.engines.forms.layouts.lattice import Layout
from anlan.engines.forms.layouts.results import as_value, formulas_of, printed

Answers = Mapping[str, Any]
LISTED, APART = 500, "；"


@dataclass(frozen=True)
class Total:
    """What the answers to one question amount to: the value, its words, and how many units stand behind it."""

    value: Decimal | str | None
    text: str
    units: int


def totals(form: Form, layout: Layout | None, answers: Sequence[tuple[str, Answers]]) -> dict[str, Total]:
    """A total for every question that declares one, and for choices, which are counted by themselves; ``answers``
    are pairs of a unit's name and what it said.
    """
    found: dict[str, Total] = {}
    for question in form.questions():
        if (question.rule.total or question.type in CHOICES) and question.rule.total != "formula":
            given = [
                (name, said[question.uid]) for name, said in answers if said.get(question.uid) is not None
            ]
            found[question.uid] = _total(question, given)
    return {**found, **_by_formula(form, layout, found, answers)}


def _by_formula(
    form: Form, layout: Layout | None, found: Mapping[str, Total], answers: Sequence[tuple[str, Answers]]
) -> dict[str, Total]:
    """Formulas computed anew over the totals, such as a rate of sums."""
    wanted = {q.uid: q for q in form.questions() if q.rule.total == "formula"}
    known: dict[str, Value] = {uid: total.value for uid, total in found.items()}
    formulas = {at: formula for at, formula in formulas_of(form).items() if at in wanted or at not in found}
    said = computed(formulas, printed(layout) | known) if answers else {}
    made = {}
    for uid, question in wanted.items():
        rule = question.number
        text = plain(said.get(uid), rule.decimals if rule else None) or ""
        units = sum(1 for _, given in answers if given.get(uid) is not None)
        made[uid] = Total(_number_or_text(text), text, units)
    return made


def _number_or_text(text: str) -> Decimal | str | None:
    if not text:
        return None
    return Decimal(text) if text.removeprefix("-").replace(".", "", 1).isdecimal() else text


def _total(question: Question, given: Sequence[tuple[str, Any]]) -> Total:
    kind = question.rule.total
    if kind in OF_NUMBERS:
        numbers = [value for _, said in given if isinstance(value := as_value(question, said), Decimal)]
        value = NUMBERS[kind](numbers) if numbers else None
        return Total(value, plain(value) or "", len(numbers))
    if kind == "count" or not kind:
        return _counted(question, given)
    listed = [f"{name}：{words(question, said)}" for name, said in given[:LISTED]]
    text = APART.join(listed)
    return Total(text or None, text, len(given))


def _counted(question: Question, given: Sequence[tuple[str, Any]]) -> Total:
    """How many answered; by option where there are options."""
    if question.type not in CHOICES:
        return Total(Decimal(len(given)), str(len(given)), len(given))
    chosen: Counter[str] = Counter()
    for _, said in given:
        chosen.update(said if isinstance(said, list) else [said])
    text = "，".join(
        f"{option.label} {chosen[option.code]}" for option in question.choices if chosen[option.code]
    )
    return Total(text or None, text, len(given))


def _sum(numbers: Sequence[Decimal]) -> Decimal:
    total = Decimal(0)
    for number in numbers:
        total = EXACT.add(total, number)
    return total


NUMBERS: dict[str, Callable[[Sequence[Decimal]], Decimal]] = {
    "sum": _sum,
    "average": lambda numbers: EXACT.divide(_sum(numbers), Decimal(len(numbers))),
    "minimum": min,
    "maximum": max,
}
