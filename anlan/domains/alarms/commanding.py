"""Alarms on the command page: those nobody took charge of, and those being handled (X.26)."""

from typing import Any

from anlan.base.commanding import Command, declare_command
from anlan.domains.alarms.alarm_registers import Alarms
from anlan.engines.analytics.api import Figure
from anlan.engines.registry.api import ledgers, rows
from anlan.shell.deadlines import moment_words
from anlan.shell.parts import Item

ALARMS, SHOWN = ledgers[Alarms.code], 5


def open_alarms(user: Any) -> list[Item]:
    """Alarms not closed, the latest first."""
    found = rows(ALARMS, user).filter(state__in=("open", "taken")).order_by("-at", "-pk")[:SHOWN]
    return [
        Item(
            str(one),
            one.get_absolute_url(),
            f"{one.org} {moment_words(one.at)}",
            one.flow.states[one.state].title,
        )
        for one in found
    ]


declare_command(
    Command(
        "alarms",
        "报警",
        (
            Figure("无人接警", ALARMS, "unanswered=1", "次"),
            Figure("处置中报警", ALARMS, "state=taken", "次"),
        ),
        open_alarms,
        30,
    )
)
