"""Models of the registry engine, for Django."""

from anlan.engines.registry.bulk_jobs import BulkOutcome
from anlan.engines.registry.keys import ApiKey
from anlan.engines.registry.preferences import ListChoice, SavedView
from anlan.engines.registry.share_answers import ShareAnswer

__all__ = ["ApiKey", "BulkOutcome", "ListChoice", "SavedView", "ShareAnswer"]
