"""Dormitories of boarding schools: beds, boarders, nightly roll call, keepers, checks, leave (D17.1-D17.7)."""
