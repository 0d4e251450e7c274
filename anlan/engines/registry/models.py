"""Models of the registry engine, for Django."""

from anlan.engines.registry.bulk_jobs import BulkOutcome
from anlan.engines.registry.cycle_rules import CycleSetting
from anlan.engines.registry.inspecting import CheckResult
from anlan.engines.registry.keys import ApiKey
from anlan.engines.registry.lead_times import LeadTime
from anlan.engines.registry.merging import Merger
from anlan.engines.registry.preferences import ListChoice, SavedView
from anlan.engines.registry.reminding import remind_of_dates
from anlan.engines.registry.renewing import Period
from anlan.engines.registry.risks import RiskCategory
from anlan.engines.registry.share_answers import ShareAnswer

__all__ = [
    "ApiKey",
    "BulkOutcome",
    "CheckResult",
    "CycleSetting",
    "LeadTime",
    "ListChoice",
    "Merger",
    "Period",
    "RiskCategory",
    "SavedView",
    "ShareAnswer",
    "remind_of_dates",
]
