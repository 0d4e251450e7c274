"""Addresses of the safety ledgers: rights, subject, and whether a rule narrows them (see ``Address``)."""

from typing import Any

from anlan.domains.accounts.sections import Section
from anlan.engines.audit.api import SYSTEM, create
from anlan.engines.org.api import OrgUnit
from tests.conformance.subjects import Made

VIEW = "accounts.items.view"


def a_school_year(unit: OrgUnit) -> Made:
    """The ledgers of a school."""
    return {"pk": unit.pk}


def a_section(unit: OrgUnit) -> Made:
    """A ledger of a school."""
    section = create(SYSTEM, Section(org=unit, title="值班记录", kind="other", materials="值班表"))
    return {"pk": unit.pk, "section": section.pk}


SHELVES: dict[str, tuple[Any, ...]] = {
    "accounts/completeness/": (VIEW,),
    "accounts/schools/<int:pk>/": (VIEW, a_school_year),
    "accounts/schools/<int:pk>/sections/<int:section>/": (VIEW, a_section),
}
