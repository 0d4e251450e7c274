"""Models of special equipment, for Django; the rules of cycles come with them."""

from pathlib import Path

from anlan.domains.special_equipment import analysis, demo, device_registers, mishap_registers
from anlan.domains.special_equipment.devices import Device
from anlan.domains.special_equipment.firms import Firm
from anlan.domains.special_equipment.maintenance import Visit
from anlan.domains.special_equipment.mishaps import Mishap
from anlan.domains.special_equipment.operators import Operator
from anlan.engines.registry.api import declare_cycles

declare_cycles(Path(__file__).with_name("seeds") / "cycles.yaml")

__all__ = [
    "Device",
    "Firm",
    "Mishap",
    "Operator",
    "Visit",
    "analysis",
    "demo",
    "device_registers",
    "mishap_registers",
]
