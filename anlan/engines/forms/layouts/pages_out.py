"""Filled and summed layouts as sheets to be written."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from anlan.engines.forms.definition import Form, Question
from anlan.engines.forms.drawing import words
from anlan.engines.forms.layouts.lattice import Layout
from anlan.engines.forms.layouts.results import formulas_of
from anlan.engines.forms.layouts.summing import Total
from anlan.engines.forms.layouts.writing import Filled, Page


def filled_page(name: str, form: Form, layout: Layout, answers: Mapping[str, Any]) -> Page:
    """The sheet of one unit: values in place, formulas as formulas."""
    asked = form.by_uid()
    values = {uid: written(asked[uid], said) for uid, said in answers.items() if uid in asked}
    return Page(name, layout, values, formulas_of(form))


def summed_page(name: str, form: Form, layout: Layout, sums: Mapping[str, Total]) -> Page:
    """The sheet of all units; formulas that are computed over the sums stay formulas."""
    kept = {q.uid for q in form.questions() if q.type == "computed" and q.rule.total == "formula"}
    formulas = {at: formula for at, formula in formulas_of(form).items() if at in kept}
    return Page(name, layout, {uid: total.value for uid, total in sums.items()}, formulas)


def written(question: Question, said: Any) -> Filled:
    """An answer as a cell of a spreadsheet holds it: numbers and days as such, everything else in words."""
    if said is None:
        return None
    if question.type == "number" or (question.type == "computed" and _is_number(said)):
        return Decimal(said)
    if question.type == "date":
        return date.fromisoformat(said)
    return "已签名" if question.type == "signature" else words(question, said)


def _is_number(said: Any) -> bool:
    return str(said).removeprefix("-").replace(".", "", 1).isdecimal()
