"""Words that forms share with the rest of the house: school types, hazard categories and hazard grades.

Whoever keeps such words offers them here; forms store the code and show the title.
"""

from collections.abc import Callable, Iterable

from anlan.engines.org.api import OrgUnit
from anlan.kernel.registry import Registry

SCHOOL_TYPE, HAZARD_CATEGORY, HAZARD_GRADE = "school_type", "hazard_category", "hazard_grade"

Words = Callable[[OrgUnit], Iterable[tuple[str, str]]]
vocabularies: Registry[Words] = Registry("form vocabulary")


def offer_words(vocabulary: str, words: Words) -> None:
    """Offer pairs of code and title, as they stand at a unit; one offer per vocabulary."""
    vocabularies.add(vocabulary, words)


def words_of(vocabulary: str, unit: OrgUnit) -> list[tuple[str, str]]:
    """Pairs of code and title; empty where nobody offers them."""
    words = vocabularies.get(vocabulary)
    return list(words(unit)) if words else []


class Glossary:
    """Titles and codes as they stand at one unit, each vocabulary read once."""

    def __init__(self, unit: OrgUnit) -> None:
        self._unit = unit
        self._known: dict[str, dict[str, str]] = {}

    def code(self, vocabulary: str, text: str) -> str | None:
        """The code a code or title stands for; None for an unknown one, any text where nobody offers words."""
        if vocabularies.get(vocabulary) is None:
            return text
        if vocabulary not in self._known:
            words = words_of(vocabulary, self._unit)
            self._known[vocabulary] = {
                **{title: code for code, title in words},
                **{code: code for code, _ in words},
            }
        return self._known[vocabulary].get(text)
