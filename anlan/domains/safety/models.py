"""Models of campus safety, for Django."""

from anlan.domains.safety.hazards import Hazard, HazardCounter
from anlan.domains.safety.pressing import Extension, Pressing
from anlan.domains.safety.risks import RiskCategory

__all__ = ["Extension", "Hazard", "HazardCounter", "Pressing", "RiskCategory"]
