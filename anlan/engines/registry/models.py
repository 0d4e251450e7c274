"""Models of the registry engine, for Django."""

from anlan.engines.registry.bulk_jobs import BulkOutcome
from anlan.engines.registry.keys import ApiKey
<<<<<<< HEAD
from anlan.engines.registry.preferences import ListChoice, SavedView

__all__ = ["ApiKey", "BulkOutcome", "ListChoice", "SavedView"]
=======
from anlan.engines.registry.preferences import ColumnChoice, SavedView
from anlan.engines.registry.sharing import ShareAnswer

__all__ = ["ApiKey", "ColumnChoice", "SavedView", "ShareAnswer"]
>>>>>>> main
