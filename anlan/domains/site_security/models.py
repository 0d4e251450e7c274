"""Models of site security, for Django; ledgers, flows and pages are declared beside them."""

from anlan.domains.site_security import building, compliance, demo, edition_registers, registers, survey_flow
from anlan.domains.site_security.building import Price
from anlan.domains.site_security.editions import Edition, EditionChoice, LocationKind, Requirement
from anlan.domains.site_security.surveys import KeyPlace, Statement, Survey

__all__ = [
    "Edition",
    "EditionChoice",
    "KeyPlace",
    "LocationKind",
    "Price",
    "Requirement",
    "Statement",
    "Survey",
    "building",
    "compliance",
    "demo",
    "edition_registers",
    "registers",
    "survey_flow",
]
