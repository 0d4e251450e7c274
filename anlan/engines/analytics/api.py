"""The analytics engine's door: figures, tallies, rates and analysis pages."""

from anlan.engines.analytics.declaring import Analysis, Card, analyses, declare_analysis
from anlan.engines.analytics.figures import Figure, Slice, rate, tally

__all__ = ["Analysis", "Card", "Figure", "Slice", "analyses", "declare_analysis", "rate", "tally"]
