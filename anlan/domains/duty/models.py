"""Models of duty, for Django; ledgers, workflows and rights are declared beside them."""

from anlan.domains.duty import (
    calendar_registers,
    check_registers,
    commanding,
    defaults,
    demo,
    leaving,
    pages,
    phone,
    proving,
    roster_flow,
    roster_registers,
    swap_registers,
    tonight,
    totals,
    watch_registers,
)
from anlan.domains.duty.checks import Check, Draw
from anlan.domains.duty.logs import LogEntry
from anlan.domains.duty.periods import DayChange, Demand, DutyRule, Period
from anlan.domains.duty.rosters import Roster, Turn, Watch
from anlan.domains.duty.swaps import Swap

__all__ = [
    "Check",
    "DayChange",
    "Demand",
    "Draw",
    "DutyRule",
    "LogEntry",
    "Period",
    "Roster",
    "Swap",
    "Turn",
    "Watch",
    "calendar_registers",
    "check_registers",
    "commanding",
    "defaults",
    "demo",
    "leaving",
    "pages",
    "phone",
    "proving",
    "roster_flow",
    "roster_registers",
    "swap_registers",
    "tonight",
    "totals",
    "watch_registers",
]
