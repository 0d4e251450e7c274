"""Declaring an analysis page: one to four charts over ledgers, each with its table."""

from collections.abc import Iterator
from dataclasses import dataclass

from anlan.engines.analytics.crossing import Cross
from anlan.engines.analytics.figures import Figure
from anlan.kernel.registry import Registry

MOST_CARDS = 4


@dataclass(frozen=True)
class Card:
    """A chart: rows of a figure counted ``by`` a field the ledger filters by, the ``most`` frequent of them."""

    title: str
    figure: Figure
    by: str
    most: int = 0


@dataclass(frozen=True)
class Analysis:
    """A page: ``permission`` opens it, ``period`` is the date field of its period filter (same in all cards).

    ``cross`` is a table below the charts, by a dimension the reader chooses.
    """

    code: str
    title: str
    permission: str
    cards: tuple[Card, ...]
    figures: tuple[Figure, ...] = ()
    period: str = ""
    area: str = ""
    group: str = "分析"
    order: int = 500
    cross: Cross | None = None

    @property
    def url(self) -> str:
        """Address of the page."""
        return f"/analysis/{self.code.replace('.', '/').replace('_', '-')}/"


def _verify(page: Analysis) -> Iterator[str]:
    if not 1 <= len(page.cards) <= MOST_CARDS:
        yield f"{len(page.cards)} cards, one to four fit"
    for card in page.cards:
        if card.by not in card.figure.ledger.filter_names:
            yield f"card {card.title}: {card.by} is no filter of {card.figure.ledger.code}"
    for figure in (
        *page.figures,
        *(card.figure for card in page.cards),
        *(page.cross.figures if page.cross else ()),
    ):
        if page.period and page.period not in figure.ledger.filter_names:
            yield f"{figure.title}: {page.period} is no filter of {figure.ledger.code}"


analyses: Registry[Analysis] = Registry("analysis", _verify)


def declare_analysis(page: Analysis) -> Analysis:
    """Offer an analysis page."""
    return analyses.add(page.code, page)
