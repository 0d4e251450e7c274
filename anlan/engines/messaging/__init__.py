"""The messaging engine."""
