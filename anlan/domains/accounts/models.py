"""Models of the safety ledgers, for Django; ledgers, pages and reminders are declared beside them."""

from anlan.domains.accounts import closing_registers, demo, navigation, registers, reminding, sealing
from anlan.domains.accounts.closings import Closing
from anlan.domains.accounts.exemptions import Exemption
from anlan.domains.accounts.items import Item
from anlan.domains.accounts.sections import Directory, Section

__all__ = [
    "Closing",
    "Directory",
    "Exemption",
    "Item",
    "Section",
    "closing_registers",
    "demo",
    "navigation",
    "registers",
    "reminding",
    "sealing",
]
