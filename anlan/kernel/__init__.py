"""Kernel: clock, identifiers, errors, exact numbers, declarations, registries and events; no models."""
