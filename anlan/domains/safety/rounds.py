"""The rounds of a hazard's rectification, each entry with its words, evidence, person and time (D03.6)."""

from collections.abc import Iterator
from dataclasses import dataclass

from anlan.domains.safety.hazards import Hazard
from anlan.engines.files.api import Attachment, attachments_of
from anlan.engines.workflow.api import Step, steps_of

MOVES = ("submit", "approve", "send_back", "pass_recheck", "fail_recheck", "settle", "strike_off")
SLOTS = ("before", "after", "recheck", "strike_off")


@dataclass(frozen=True)
class Entry:
    """One step of a round; ``pictures`` and ``papers`` came with it."""

    number: int
    step: Step
    pictures: list[Attachment]
    papers: list[Attachment]

    @property
    def tone(self) -> str:
        """The tone of its dot."""
        return "back" if self.step.target == "returned" else "doing" if self.step.move == "submit" else "done"


def rounds_of(hazard: Hazard) -> list[Entry]:
    """Every entry in time order; a file belongs to the first step made after it came in."""
    return list(_entries(hazard))


def _entries(hazard: Hazard) -> Iterator[Entry]:
    waiting = [one for one in attachments_of(hazard, formers=True) if one.slot in SLOTS]
    number = 0
    for step in steps_of(hazard):
        came = [one for one in waiting if one.created_at <= step.at]
        waiting = waiting[len(came) :]
        if step.move not in MOVES:
            continue
        number += step.move in ("submit", "settle")
        pictures = [one for one in came if one.is_picture]
        yield Entry(number, step, pictures, [one for one in came if not one.is_picture])
