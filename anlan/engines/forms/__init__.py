"""The forms engine."""
