"""Management commands of site security."""
