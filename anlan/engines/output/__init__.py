"""The output engine."""
