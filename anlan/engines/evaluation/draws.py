"""Drawing by lot so that anybody can recompute it (HR.46, HR.48).

Before the draw the pool and the SHA-256 of a secret are published; with the draw the secret and a public text that
nobody could know before (the closing index of the day, a number thrown in the hall). A ticket is the SHA-256 of both,
the number of the round and the own code, in UTF-8 and joined by line feeds; the lowest tickets of a kind are drawn.
Whoever runs the site can choose neither the tickets nor, once both are published, the pool.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

SECRET_BYTES = 32


class TooFew(Exception):
    """``available`` of each kind that the pool cannot fill."""

    def __init__(self, available: Mapping[str, int]) -> None:
        self.available = dict(available)
        super().__init__(f"too few of {', '.join(self.available)}")


@dataclass(frozen=True)
class Draw:
    """Whom to draw from: codes by kind, how many of each kind, and what decides.

    ``number`` counts the rounds of one activity from 1; ``drawn_before`` have no part in this one.
    """

    pool: Mapping[str, tuple[str, ...]]
    wanted: Mapping[str, int]
    secret: str
    public: str
    number: int = 1
    drawn_before: frozenset[str] = frozenset()


def new_secret() -> str:
    """64 hexadecimal digits from the operating system."""
    return secrets.token_hex(SECRET_BYTES)


def commitment(secret: str) -> str:
    """What is published of the secret before the draw."""
    return _digest(secret)


def drawn(draw: Draw) -> dict[str, tuple[str, ...]]:
    """Codes by kind in the order of their tickets; somebody of several kinds is drawn once, for the scarcest.

    TooFew, with what there is, where a kind cannot be filled; then nobody is drawn.
    """
    there = {kind: set(draw.pool.get(kind, ())) - draw.drawn_before for kind in draw.wanted}
    if short := {kind: len(codes) for kind, codes in there.items() if len(codes) < draw.wanted[kind]}:
        raise TooFew(short)
    taken: set[str] = set()
    found: dict[str, tuple[str, ...]] = {}
    for kind in sorted(draw.wanted, key=lambda one: (len(there[one]) - draw.wanted[one], one)):
        left = sorted(there[kind] - taken, key=lambda code: (ticket(draw, code), code))
        if len(left) < draw.wanted[kind]:
            raise TooFew({kind: len(left)})
        found[kind] = tuple(left[: draw.wanted[kind]])
        taken.update(found[kind])
    return found


def ticket(draw: Draw, code: str) -> str:
    """Somebody's ticket."""
    return _digest(draw.secret, draw.public, str(draw.number), code)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
