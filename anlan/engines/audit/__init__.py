"""The audit engine."""
