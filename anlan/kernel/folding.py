"""Text as it is compared: widths and cases are one, blanks beside Chinese characters fall away.

Line breaks of a PDF stand in the middle of words; a blank is kept only between two Latin signs.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache

BLANK = " "


def folded(text: str) -> tuple[str, list[int]]:
    """The comparable text, and for each of its signs the place in ``text`` it comes from."""
    signs: list[str] = []
    places: list[int] = []
    waiting = -1
    for place, sign in enumerate(text):
        for plain in _plain(sign):
            if plain == BLANK:
                waiting = place if waiting < 0 else waiting
                continue
            if waiting >= 0 and signs and signs[-1].isascii() and plain.isascii():
                signs.append(BLANK)
                places.append(waiting)
            waiting = -1
            signs.append(plain)
            places.append(place)
    return "".join(signs), places


@lru_cache(maxsize=20_000)
def _plain(sign: str) -> str:
    found = unicodedata.normalize("NFKC", sign).casefold()
    kinds = {one: unicodedata.category(one) for one in found}
    return "".join(_kept(one, kinds[one]) for one in found)


def _kept(sign: str, kind: str) -> str:
    if sign.isspace() or kind == "Cc":
        return BLANK
    return "" if kind in ("Cf", "Cn", "Cs", "Mn") else sign


def words_of(query: str, most: int = 8, longest: int = 60) -> list[str]:
    """The words of what somebody searches, comparable, each once; none for blanks alone."""
    found = (folded(word[:longest])[0] for word in query.split())
    return [word for word in dict.fromkeys(found) if word][:most]


def finds(text: str, words: list[str]) -> Iterator[tuple[int, int]]:
    """Where the words stand in ``text``: first sign and the one after the last, in order, never overlapping."""
    plain, places = folded(text)
    hits = sorted((at, at + len(word)) for word in words for at in _every(plain, word))
    reached = 0
    for first, last in hits:
        if first >= reached:
            yield places[first], places[last - 1] + 1
            reached = last


def _every(plain: str, word: str) -> Iterator[int]:
    at = plain.find(word)
    while at >= 0:
        yield at
        at = plain.find(word, at + len(word))
