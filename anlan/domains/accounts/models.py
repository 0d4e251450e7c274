"""Models of the safety ledgers, for Django; ledgers, pages and reminders are declared beside them."""

from anlan.domains.accounts import demo, navigation, registers, reminding
from anlan.domains.accounts.exemptions import Exemption
from anlan.domains.accounts.items import Item
from anlan.domains.accounts.sections import Directory, Section

__all__ = ["Directory", "Exemption", "Item", "Section", "demo", "navigation", "registers", "reminding"]
