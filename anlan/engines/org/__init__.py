"""The org engine."""
