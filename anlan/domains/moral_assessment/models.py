"""Tables of the moral-education assessment; what they hold is the engine's."""

from anlan.engines.rounds.api import (
    EntryRecord,
    IndicatorRecord,
    ItemRecord,
    PanelRecord,
    RoundRecord,
    SchemeRecord,
    SheetRecord,
    VerdictRecord,
)


class Scheme(SchemeRecord):
    """A kind of moral-education assessment."""


class Indicator(IndicatorRecord):
    """Its indicators."""


class Round(RoundRecord):
    """A moral-education assessment of schools."""


class Entry(EntryRecord):
    """A school's self-evaluation."""


class Item(ItemRecord):
    """One item of it."""


class Panel(PanelRecord):
    """A group of judges."""


class Sheet(SheetRecord):
    """A judge's scores of a school."""


class Verdict(VerdictRecord):
    """A school's result."""
