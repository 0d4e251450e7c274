"""Words that forms share with the rest of the house: school types, hazard categories and hazard grades.

Whoever keeps such words offers them here; forms store the code and show the title.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from anlan.engines.org.api import OrgUnit
from anlan.kernel.registry import Registry

SCHOOL_TYPE, HAZARD_CATEGORY, HAZARD_GRADE = "school_type", "hazard_category", "hazard_grade"
TITLES = {SCHOOL_TYPE: "学校类型", HAZARD_CATEGORY: "隐患类别", HAZARD_GRADE: "隐患等级"}

Words = Callable[[OrgUnit], Iterable[tuple[str, str]]]


@dataclass(frozen=True)
class Vocabulary:
    """Words with what they are called where a form's author chooses among vocabularies; ``past``: out of use."""

    title: str
    words: Words
    past: Words


vocabularies: Registry[Vocabulary] = Registry("form vocabulary")


def _none(unit: OrgUnit) -> Iterable[tuple[str, str]]:
    return ()


def offer_words(vocabulary: str, words: Words, title: str = "", past: Words = _none) -> None:
    """Offer pairs of code and title, as they stand at a unit; one offer per vocabulary."""
    vocabularies.add(vocabulary, Vocabulary(title or TITLES.get(vocabulary, vocabulary), words, past))


def offered_words() -> list[tuple[str, Vocabulary]]:
    """Vocabularies by code, in order of declaration."""
    return list(zip(vocabularies.codes(), vocabularies, strict=True))


def words_of(vocabulary: str, unit: OrgUnit) -> list[tuple[str, str]]:
    """Pairs of code and title; empty where nobody offers them."""
    found = vocabularies.get(vocabulary)
    return list(found.words(unit)) if found else []


def past_words(vocabulary: str, unit: OrgUnit, code: str) -> list[tuple[str, str]]:
    """The pair of a code that is offered no more, so that what named it before still can be read and kept."""
    found = vocabularies.get(vocabulary)
    pairs = found.past(unit) if found and code else ()
    return [(code, f"{title}（已停用）") for known, title in pairs if known == code]


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
