"""Addresses of rounds of evaluation, tried on the safety assessment (see ``Address``)."""

from typing import Any

from django.apps import apps

from anlan.engines.org.api import OrgUnit
from tests.conformance.subjects import Made, Maker, of_model

PROCESS = "safety_assessment"
STEM = "evaluations/<slug:process>/"
TREE = [
    {
        "code": "A1",
        "title": "管理",
        "parent": "",
        "weight": "1",
        "scale": {"most": "10", "step": "0.5", "options": []},
    }
]


def a_process(unit: OrgUnit) -> Made:
    """The process by its name."""
    return {"process": PROCESS}


def of_process(model: str, **said: Any) -> Maker:
    """A row of the process at the unit."""

    def make(unit: OrgUnit) -> Made:
        return {**a_process(unit), **of_model(f"{PROCESS}.{model}", **said)(unit)}

    return make


def an_entry(unit: OrgUnit) -> Made:
    """An entry of the unit, in a round with an indicator."""
    made = of_process("Entry")(unit)
    _published("Entry", made)
    return made


def _published(model: str, made: Made) -> None:
    rounds: Any = _table("Round")
    key = made["pk"] if model == "Round" else _table(model).unguarded.get(pk=made["pk"]).round_id
    rounds.unguarded.filter(pk=key).update(tree=TREE)


def _table(name: str) -> Any:
    return apps.get_model(PROCESS, name)


def a_round(unit: OrgUnit) -> Made:
    """A round of the unit with an indicator."""
    made = of_process("Round")(unit)
    _published("Round", made)
    return made


JUDGING = f"{PROCESS}.sheets.score"
SHEET = of_process("Sheet")
ROUNDS: dict[str, tuple[Any, ...]] = {
    f"{STEM}entries/<int:pk>/": (f"{PROCESS}.entries.view", an_entry),
    f"{STEM}desk/": (JUDGING, a_process),
    f"{STEM}desk/<int:pk>/": (JUDGING, SHEET, True),
    f"{STEM}desk/<int:pk>/submit": (JUDGING, SHEET, True),
    f"{STEM}desk/<int:pk>/take-back": (JUDGING, SHEET, True),
    f"{STEM}rounds/<int:pk>/scores": (f"{PROCESS}.rounds.view", a_round),
    f"{STEM}rounds/<int:pk>/analysis": (f"{PROCESS}.rounds.oversee", a_round),
    f"{STEM}schemes/<int:pk>/sheet": (f"{PROCESS}.schemes.export", of_process("Scheme")),
}
