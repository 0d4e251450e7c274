"""Models of fire safety, for Django; the rules of cycles come with them."""

from pathlib import Path

from anlan.domains.fire import analysis, demo, figures, round_registers, staff, undrilled, walking
from anlan.domains.fire.contracts import Contract
from anlan.domains.fire.devices import Device
from anlan.domains.fire.drills import Drill
from anlan.domains.fire.duties import Duty
from anlan.domains.fire.key_places import KeyPlace
from anlan.domains.fire.reports import Report
from anlan.domains.fire.rounds import Round, Walk
from anlan.domains.fire.shifts import Shift
from anlan.domains.fire.systems import System
from anlan.domains.fire.visits import Visit
from anlan.engines.registry.api import declare_cycles

declare_cycles(Path(__file__).with_name("seeds") / "cycles.yaml")

__all__ = [
    "Contract",
    "Device",
    "Drill",
    "Duty",
    "KeyPlace",
    "Report",
    "Round",
    "Shift",
    "System",
    "Visit",
    "Walk",
    "analysis",
    "demo",
    "figures",
    "round_registers",
    "staff",
    "undrilled",
    "walking",
]
