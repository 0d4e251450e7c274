"""Models of site security, for Django; ledgers, flows and pages are declared beside them."""

from pathlib import Path

from anlan.domains.site_security import (
    building,
    check_registers,
    compliance,
    demo,
    device_demo,
    device_figures,
    device_registers,
    edition_registers,
    physical_demo,
    pulse_watching,
    recording_registers,
    registers,
    repair_registers,
    staff,
    survey_flow,
    tech_demo,
    tech_gap_page,
    tech_registers,
    tested,
)
from anlan.domains.site_security.building import Price
from anlan.domains.site_security.device_checks import DeviceCheck
from anlan.domains.site_security.device_limits import DeviceLimit
from anlan.domains.site_security.devices import Device
from anlan.domains.site_security.editions import Edition, EditionChoice, LocationKind, Requirement
from anlan.domains.site_security.operators import Qualification
from anlan.domains.site_security.perimeter import Section
from anlan.domains.site_security.products import Certificate
from anlan.domains.site_security.pulses import Pulse
from anlan.domains.site_security.recordings import Recording
from anlan.domains.site_security.repairs import Repair
from anlan.domains.site_security.surveys import KeyPlace, Statement, Survey
from anlan.domains.site_security.tech_assessments import TechAssessment
from anlan.domains.site_security.tech_editions import TechClause, TechEdition
from anlan.domains.site_security.tech_posts import TechPost
from anlan.engines.registry.api import declare_cycles

declare_cycles(Path(__file__).with_name("seeds") / "cycles.yaml")

__all__ = [
    "Certificate",
    "Device",
    "DeviceCheck",
    "DeviceLimit",
    "Edition",
    "EditionChoice",
    "KeyPlace",
    "LocationKind",
    "Price",
    "Pulse",
    "Qualification",
    "Recording",
    "Repair",
    "Requirement",
    "Section",
    "Statement",
    "Survey",
    "TechAssessment",
    "TechClause",
    "TechEdition",
    "TechPost",
    "building",
    "check_registers",
    "compliance",
    "demo",
    "device_demo",
    "device_figures",
    "device_registers",
    "edition_registers",
    "physical_demo",
    "pulse_watching",
    "recording_registers",
    "registers",
    "repair_registers",
    "staff",
    "survey_flow",
    "tech_demo",
    "tech_gap_page",
    "tech_registers",
    "tested",
]
