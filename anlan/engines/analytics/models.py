"""Models of the analytics engine, for Django."""

from anlan.engines.analytics.publications import Correction, Publication

__all__ = ["Correction", "Publication"]
