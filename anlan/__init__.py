"""Anlan: school safety and education administration for authorities and schools."""

__version__ = "0.1.0"
