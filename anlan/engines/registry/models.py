"""Models of the registry engine, for Django."""

from anlan.engines.registry.preferences import ColumnChoice, SavedView

__all__ = ["ColumnChoice", "SavedView"]
