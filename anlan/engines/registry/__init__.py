"""The registry engine."""
