"""Models of physical protection, for Django; ledgers and pages are declared beside them."""

from pathlib import Path

from anlan.domains.physical import (
    demo,
    maintenance_costs,
    maintenance_registers,
    totals,
    traffic_registers,
    work_registers,
)
from anlan.domains.physical.facilities import Facility
from anlan.domains.physical.maintenance import Maintenance, MaintenancePlan
from anlan.domains.physical.traffic import TrafficFacility
from anlan.domains.physical.traffic_kinds import TrafficKind
from anlan.domains.physical.works import Work
from anlan.engines.registry.api import declare_cycles

declare_cycles(Path(__file__).with_name("seeds") / "cycles.yaml")

__all__ = [
    "Facility",
    "Maintenance",
    "MaintenancePlan",
    "TrafficFacility",
    "TrafficKind",
    "Work",
    "demo",
    "maintenance_costs",
    "maintenance_registers",
    "totals",
    "traffic_registers",
    "work_registers",
]
