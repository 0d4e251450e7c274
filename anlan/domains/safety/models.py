"""Models of campus safety, for Django; flows and ledgers are declared beside them."""

from anlan.domains.safety.hazard_flow import HazardFlow
from anlan.domains.safety.hazard_registers import Hazards
from anlan.domains.safety.hazards import Hazard, HazardCounter
from anlan.domains.safety.pressing import Extension, Pressing
from anlan.domains.safety.risks import RiskCategory

__all__ = ["Extension", "Hazard", "HazardCounter", "HazardFlow", "Hazards", "Pressing", "RiskCategory"]
