"""What safety ledgers put on desks: whose, and the action the page must offer (S06.4)."""

from collections.abc import Iterator
from typing import Any

from anlan.domains.accounts.exemptions import Exemption
from anlan.domains.accounts.sections import Section
from anlan.engines.audit.api import SYSTEM, create


def exemption(county: Any) -> Iterator[tuple[Any, str]]:
    """A school asks to leave a ledger out."""
    bureau, unit = county.person("tai", "bureau_safety", "county"), county.units["school"]
    said = {"title": "校车台账", "kind": "traffic", "materials": "台账"}
    section = create(SYSTEM, Section(org=unit, **said))
    create(SYSTEM, Exemption(org=unit, section=section, reason="没有校车"))
    yield bureau, "move/agree"
