"""The analytics engine's door: figures, tallies, rates and analysis pages."""

from anlan.engines.analytics.areas import AreaForm, declare_areas
from anlan.engines.analytics.correcting import correct
from anlan.engines.analytics.crossing import Cross, Dimension
from anlan.engines.analytics.declaring import Analysis, Card, analyses, declare_analysis
from anlan.engines.analytics.figures import Figure, Slice, rate, tally
from anlan.engines.analytics.publications import Correction, Publication
from anlan.engines.analytics.publishing import PUBLISH, Wish, publish
from anlan.engines.analytics.queries import Answer, Cell, Chart, Line, show
from anlan.engines.analytics.sheets import Grouping, Measure, Sheet, declare_sheet, sheets
from anlan.engines.analytics.workbench import Offer, Panel, offer

__all__ = [
    "PUBLISH",
    "Analysis",
    "Answer",
    "AreaForm",
    "Card",
    "Cell",
    "Chart",
    "Correction",
    "Cross",
    "Dimension",
    "Figure",
    "Grouping",
    "Line",
    "Measure",
    "Offer",
    "Panel",
    "Publication",
    "Sheet",
    "Slice",
    "Wish",
    "analyses",
    "correct",
    "declare_analysis",
    "declare_areas",
    "declare_sheet",
    "offer",
    "publish",
    "rate",
    "sheets",
    "show",
    "tally",
]
