"""Models of school buses, for Django; the rules of cycles come with them."""

from pathlib import Path

from anlan.domains.school_buses import demo
from anlan.domains.school_buses.buses import Bus
from anlan.domains.school_buses.papers import Paper
from anlan.engines.registry.api import declare_cycles

declare_cycles(Path(__file__).with_name("seeds") / "cycles.yaml")

__all__ = ["Bus", "Paper", "demo"]
