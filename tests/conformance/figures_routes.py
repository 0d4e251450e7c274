"""Addresses of pages of figures: rights (see ``Address``)."""

from typing import Any

FIGURES: dict[str, tuple[Any, ...]] = {
    "command/": ("base.command.view",),
    "fire/figures/": ("fire.devices.view",),
    "base/personnel/": ("base.people.view",),
    "base/risk-figures/": ("base.risk_categories.view",),
    "supplies/summary/": ("supplies.stocks.view",),
    "physical/maintenance-costs/": ("physical.maintenance.view",),
    "special-equipment/figures/": ("special_equipment.devices.view",),
}
