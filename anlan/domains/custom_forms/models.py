"""Models of collecting data, for Django; ledgers and rights are declared beside them."""

from anlan.domains.custom_forms import demo, filling, known, navigation, plan_registers, registers
from anlan.domains.custom_forms.plans import Collection, CollectionPlan, CollectionRound

__all__ = [
    "Collection",
    "CollectionPlan",
    "CollectionRound",
    "demo",
    "filling",
    "known",
    "navigation",
    "plan_registers",
    "registers",
]
