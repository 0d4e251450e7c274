"""What safety ledgers put on desks: whose, and the action the page must offer (S06.4, S06.5)."""

from collections.abc import Iterator
from typing import Any

from anlan.domains.accounts.closings import Closing
from anlan.domains.accounts.exemptions import Exemption
from anlan.domains.accounts.items import Item
from anlan.domains.accounts.sections import Section
from anlan.engines.audit.api import SYSTEM, Actor, create
from anlan.engines.workflow.api import perform


def exemption(county: Any) -> Iterator[tuple[Any, str]]:
    """A school asks to leave a ledger out."""
    bureau, unit = county.person("tai", "bureau_safety", "county"), county.units["school"]
    said = {"title": "校车台账", "kind": "traffic", "materials": "台账"}
    section = create(SYSTEM, Section(org=unit, **said))
    asked = create(SYSTEM, Exemption(org=unit, section=section, reason="没有校车"))
    yield bureau, "move/agree"
    perform(Actor.person(bureau, "web"), asked, "agree")


def returned(county: Any) -> Iterator[tuple[Any, str]]:
    """The bureau returns material of a school."""
    keeper, unit = county.person("hao", "school_safety", "school"), county.units["school"]
    section = create(SYSTEM, Section(org=unit, title="制度台账", kind="duty", materials="制度"))
    item = create(SYSTEM, Item(org=unit, section=section, title="值班制度"))
    perform(SYSTEM, item, "hand_back", {"comment": "请补充"})
    yield keeper, "move/refile"
    perform(Actor.person(keeper, "web"), item, "refile")


def reopening(county: Any) -> Iterator[tuple[Any, str]]:
    """A school asks to reopen a closed year; what the bureau consents to comes back to the school."""
    bureau, unit = county.person("tai2", "bureau_safety", "county"), county.units["school"]
    keeper = county.person("hao2", "school_safety", "school")
    closing = create(SYSTEM, Closing(org=unit, year="2024-2025"))
    yield keeper, "move/close"
    perform(SYSTEM, closing, "close")
    perform(SYSTEM, closing, "ask", {"reason": "漏传一份总结"})
    yield bureau, "move/agree"
    perform(Actor.person(bureau, "web"), closing, "agree")
    yield keeper, "move/close"
    perform(Actor.person(keeper, "web"), closing, "close")
