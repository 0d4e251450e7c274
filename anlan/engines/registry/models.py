"""Models of the registry engine, for Django."""

from anlan.engines.registry.keys import ApiKey
from anlan.engines.registry.preferences import ColumnChoice, SavedView
from anlan.engines.registry.sharing import ShareAnswer

__all__ = ["ApiKey", "ColumnChoice", "SavedView", "ShareAnswer"]
