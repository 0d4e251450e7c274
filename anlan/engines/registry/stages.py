"""The stages of a record's closed loop: what is behind it, with who and when, and where it stands now."""

from typing import Any

from anlan.engines.registry.declaring import Ledger
from anlan.engines.workflow.api import Step, steps_of
from anlan.shell.deadlines import due, moment_words
from anlan.shell.parts import Stage


def stages_of(ledger: Ledger, record: Any, *, in_turn: bool = False) -> list[Stage]:
    """The stages declared with the workflow; none without. A stage nobody went through stays empty."""
    if not ledger.flow or not ledger.flow.stages:
        return []
    stages, steps = ledger.flow.stages, list(steps_of(record))
    present = next(place for place, names in enumerate(stages.values()) if record.state in names)
    return [
        _now(title, record, in_turn)
        if place == present and record.open
        else _stage(ledger, title, names, record, steps if place <= present else [])
        for place, (title, names) in enumerate(stages.items())
    ]


def _stage(ledger: Ledger, title: str, names: tuple[str, ...], record: Any, steps: list[Step]) -> Stage:
    if not names:
        maker = "" if ledger.veiled(record) else str(record.created_by or "")
        return Stage(title, "past", moment_words(record.created_at), maker)
    step = next((step for step in reversed(steps) if _ends(step, names, record)), None)
    return Stage(title, "past", moment_words(step.at), step.actor) if step else Stage(title)


def _ends(step: Step, names: tuple[str, ...], record: Any) -> bool:
    """Whether the step left the stage, or ended the record within it."""
    left = step.source in names and step.target not in names
    return left or (step.target in names and step.target == record.state and not record.open)


def _now(title: str, record: Any, in_turn: bool) -> Stage:
    words = due(record.due_at)
    when = f"期限{words.text}" if words.tone != "late" and record.due_at else words.text
    return Stage(title, "now", when if record.due_at else "", "等您办理" if in_turn else "")
