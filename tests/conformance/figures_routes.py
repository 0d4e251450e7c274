"""Addresses of pages of figures: rights (see ``Address``)."""

from typing import Any

FIGURES: dict[str, tuple[Any, ...]] = {
    "fire/figures/": ("fire.devices.view",),
    "supplies/summary/": ("supplies.stocks.view",),
    "site-security/compliance/": ("site_security.statements.view",),
    "site-security/building/": ("site_security.statements.view",),
    "site-security/device-figures/": ("site_security.devices.view",),
    "special-equipment/figures/": ("special_equipment.devices.view",),
}
