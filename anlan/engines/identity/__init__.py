"""The identity engine."""
