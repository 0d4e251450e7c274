"""The analytics engine."""
