"""Who is on duty tonight, on the command page (X.26)."""

from typing import Any

from anlan.base.commanding import Command, declare_command
from anlan.base.rostering import LEADER
from anlan.domains.duty.watch_registers import Watches
from anlan.engines.analytics.api import Figure
from anlan.engines.registry.api import ledgers, rows
from anlan.shell.parts import Item

WATCHES, SHOWN = ledgers[Watches.code], 5


def tonight_on(user: Any) -> list[Item]:
    """The shifts of tonight with their people, the leader first."""
    found = rows(WATCHES, user).filter(WATCHES.marks["tonight"]()).order_by("org__path", "pk")
    return [
        Item(f"{one.org} {one.name}", one.get_absolute_url(), _people(one) or "没有排人")
        for one in found[:SHOWN]
    ]


def _people(watch: Any) -> str:
    turns = sorted(watch.turns.all(), key=lambda turn: turn.part != LEADER)
    return "、".join(f"{turn.person.name}{'（带班）' if turn.part == LEADER else ''}" for turn in turns)


declare_command(
    Command(
        "duty",
        "今晚值班",
        (
            Figure("今晚值班", WATCHES, "tonight=1", "班"),
            Figure("在岗未签到", WATCHES, "unsigned=1", "班"),
        ),
        tonight_on,
        40,
    )
)
