"""The one table of the engine itself; those of a process lie in its domain."""

from anlan.engines.rounds.assessors import Assessor

__all__ = ["Assessor"]
