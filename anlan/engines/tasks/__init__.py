"""The tasks engine."""
