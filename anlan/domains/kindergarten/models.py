"""Tables of the evaluation of kindergartens; what they hold is the engine's."""

from anlan.engines.rounds.api import (
    EntryRecord,
    IndicatorRecord,
    ItemRecord,
    PanelRecord,
    ProblemRecord,
    ReportRecord,
    RoundRecord,
    SchemeRecord,
    SheetRecord,
    VerdictRecord,
)


class Scheme(SchemeRecord):
    """A kind of evaluation."""


class Indicator(IndicatorRecord):
    """Its indicators."""


class Round(RoundRecord):
    """An evaluation of kindergartens."""


class Entry(EntryRecord):
    """A kindergarten's self-evaluation."""


class Item(ItemRecord):
    """One item of it."""


class Panel(PanelRecord):
    """A group of judges."""


class Sheet(SheetRecord):
    """A judge's scores of a kindergarten."""


class Verdict(VerdictRecord):
    """A kindergarten's result."""


class Report(ReportRecord):
    """The report on a kindergarten."""


class Problem(ProblemRecord):
    """Something it has to put right."""
