"""Models of campus safety, for Django."""

from anlan.domains.safety.hazards import Hazard, HazardCounter
from anlan.domains.safety.risks import RiskCategory

__all__ = ["Hazard", "HazardCounter", "RiskCategory"]
